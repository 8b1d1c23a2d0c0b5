import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { SyncError } from '../domain/sync-error.js';
import type { BookingSide } from './booking-side.js';
import type { Verdict } from './decision.js';
import { decideSlotWait } from './decide-slot-wait.js';
import { editOf, isSameEdit } from './edit-record.js';
import { putBackEdit } from './put-back-edit.js';
import { isBookable, type Rules } from './rules.js';
import type { EventReading, Situation } from './situation.js';
import { act, observe } from './verdicts.js';

/**
 * docs/decision-table.md#row-21: the booking system has refused an edit. It is put back, unless its slot is held by an
 * appointment whose own edit is under way: then it waits for that one.
 */
export function decideRefusedEdit(
  { event }: EventReading,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation & { readonly refusal: SyncError },
  rules: Rules,
): Verdict {
  const revert = (): Verdict => putBackEdit('edit-refused', event, map, side.target, situation, rules);
  if (!isBookable(event) || side.moved || situation.rebooking) return revert();
  const { edits, slotHolder } = situation;
  if (edits === undefined) return observe('edits');
  if (slotHolder === undefined) return observe('slot-holder');
  if (!slotHolder?.isLeaving) return revert();
  const edit = editOf(event, map, situation, rules);
  const own = edits.find(({ appointmentId }) => appointmentId === situation.appointmentId);
  const record = own && isSameEdit(own, edit) ? own : edit;
  if (record.waitsFor !== slotHolder.appointmentId) {
    const waiting = { ...record, state: 'seen' as const, waitsFor: slotHolder.appointmentId };
    return act('edit-refused', { do: 'record-edits', edits: [waiting] });
  }
  return decideSlotWait(record, edits, situation, revert) ?? revert();
}
