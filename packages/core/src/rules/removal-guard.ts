import { observe, quiet, type Reason, type Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * docs/decision-table.md#guards: events with our marks and no live booking are not removed if too many of a calendar would
 * be removed at once. They may be the events of another studio, whose account or address is in our settings by mistake.
 *
 * @returns null if the event may be removed
 */
export function decideRemovalStop(reason: Reason, { removals }: Situation, { guards }: Rules): Verdict | null {
  if (removals === undefined) return observe('removals');
  const { would, of } = removals;
  const { massChangeMinimum, massChangeLimit } = guards;
  if (would <= massChangeMinimum || would <= massChangeLimit * of) return null;
  const detail = `${would} of ${of} events would be removed: the account or the address may be the wrong one`;
  return { ...quiet(reason, detail), notice: { level: 'error', message: detail } };
}
