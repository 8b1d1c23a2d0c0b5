import { decideActive } from './decide-active.js';
import { decideCanceled } from './decide-canceled.js';
import { decideUnmapped } from './decide-unmapped.js';
import type { Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * The decision table, as one pure function: total, deterministic, and without a clock of its own. The three files it
 * is made of are the table's three blocks: no map, map ACTIVE, map CANCELED.
 */
export function decide(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map === null) return decideUnmapped(situation, rules);
  return map.status === 'ACTIVE' ? decideActive(situation, map, rules) : decideCanceled(situation, map, rules);
}
