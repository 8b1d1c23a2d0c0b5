import { decideActive } from './decide-active.js';
import { decideCanceled } from './decide-canceled.js';
import { decideBegunReschedule } from './decide-begun-reschedule.js';
import { decideRefused } from './decide-refused.js';
import { decideUnmapped } from './decide-unmapped.js';
import type { Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';
import { OBSERVE_BOOKING, OBSERVE_EVENT } from './verdicts.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Instant } from '../domain/instant.js';
import type { Timing } from './timing.js';

/**
 * The table of docs/decision-table.md, as one pure function: total, deterministic, and without a clock of its own.
 * First come the rows about what this task or an earlier attempt has begun; then the table's three blocks: no map, map
 * ACTIVE, map CANCELED.
 */
export function decide(situation: Situation, rules: Rules): Verdict {
  const { reread } = situation;
  if (reread?.event) return OBSERVE_EVENT;
  if (reread?.booking) return OBSERVE_BOOKING;
  const { map, now } = situation;
  const past = map && withoutFutureTimes(map, now, rules.timing);
  const known = past === map ? situation : { ...situation, map: past };
  return known.refused ? decideRefused(known, known.refused, rules, decideObserved) : decideObserved(known, rules);
}

function decideObserved(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map?.status === 'ACTIVE' && map.intent?.kind === 'reschedule') {
    return decideBegunReschedule(situation, map, map.intent, rules, decideByMap);
  }
  return decideByMap(situation, rules);
}

function decideByMap(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map === null) return decideUnmapped(situation, rules);
  return map.status === 'ACTIVE' ? decideActive(situation, map, rules) : decideCanceled(situation, map, rules);
}

/**
 * The map without times that lie in the future: a clock that was ahead has stored them and was put right since. What was
 * written then was written before this round, so no reading of this round is older, and no window is open
 * (docs/decision-table.md#echoes-and-loops).
 */
function withoutFutureTimes(map: BookingEventMap, now: Instant, { intentHoldsMs }: Timing): BookingEventMap {
  const { lastSyncedAt, bookingWrittenAt, intent } = map;
  if (Math.max(lastSyncedAt, bookingWrittenAt ?? now, intent?.triedAt ?? now) <= now) return map;
  const triedLongAgo = now - intentHoldsMs;
  return {
    ...map,
    lastSyncedAt: lastSyncedAt > now ? 0 : lastSyncedAt,
    bookingWrittenAt: bookingWrittenAt !== null && bookingWrittenAt > now ? 0 : bookingWrittenAt,
    intent: intent && intent.triedAt > now ? { ...intent, triedAt: triedLongAgo, since: triedLongAgo } : intent,
  };
}
