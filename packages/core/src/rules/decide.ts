import { decideActive } from './decide-active.js';
import { decideCanceled } from './decide-canceled.js';
import { decideBegunReschedule } from './decide-begun-reschedule.js';
import { decideRefused } from './decide-refused.js';
import { decideUnmapped } from './decide-unmapped.js';
import type { Verdict } from './decision.js';
import { withoutFutureTimes } from './future-times.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';
import { OBSERVE_BOOKING, OBSERVE_EVENT } from './verdicts.js';

/**
 * The table of docs/decision-table.md, as one pure function: total, deterministic, and without a clock of its own.
 * First come the rows
 * about what this task or an earlier attempt has begun; then the table's three blocks: no map, map ACTIVE, map CANCELED.
 */
export function decide(situation: Situation, rules: Rules): Verdict {
  const { reread } = situation;
  if (reread?.event) return OBSERVE_EVENT;
  if (reread?.booking) return OBSERVE_BOOKING;
  const { map, now } = situation;
  const past = map && withoutFutureTimes(map, now, rules.timing);
  const known = past === map ? situation : { ...situation, map: past };
  return decideRefused(known, rules, decideObserved);
}

function decideObserved(situation: Situation, rules: Rules): Verdict {
  return decideBegunReschedule(situation, rules, decideByMap);
}

function decideByMap(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map === null) return decideUnmapped(situation, rules);
  return map.status === 'ACTIVE' ? decideActive(situation, map, rules) : decideCanceled(situation, map, rules);
}
