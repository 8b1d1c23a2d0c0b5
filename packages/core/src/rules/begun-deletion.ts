import type { BookingEventMap } from '../domain/booking-event-map.js';
import { differs, type BookingSide } from './booking-side.js';
import { OBSERVE_EVENT, act, quiet, type Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/** Why both sides agree only for the moment. */
const IN_PROGRESS = 'a deletion of ours was begun a moment ago';

/**
 * docs/decision-table.md#row-19: a deletion of ours was begun, of the mirror or of a duplicate beside it, and the mirror is
 * unchanged. Once that deletion must have arrived, the mirror is read. If it exists, a later deletion is one by a person.
 *
 * @returns null if no deletion was begun, or the booking is written to the event
 */
export function decideBegunDeletion(
  { event, now }: Pick<Situation, 'event' | 'now'>,
  map: BookingEventMap,
  side: BookingSide | null,
  { timing }: Rules,
): Verdict | null {
  if (!map.flags?.deleting || (side && differs(side))) return null;
  // A later poll decides again.
  if (now < map.lastSyncedAt + timing.writeArrivesMs) return quiet('in-sync', IN_PROGRESS);
  if (!event?.proven) return OBSERVE_EVENT;
  const { flags, ...rest } = map;
  const { deleting: _ended, ...others } = flags;
  const kept = Object.keys(others).length > 0 ? { flags: others } : {};
  return act('in-sync', { do: 'store-map', map: { ...rest, ...kept } });
}
