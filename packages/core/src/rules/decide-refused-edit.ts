import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EditRecord } from '../domain/event-record.js';
import { SECOND } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { BookingSide } from './booking-side.js';
import { revertEdit } from './carry-edit.js';
import { decideSlotWait, mayLeave, RECHECK_MS } from './decide-slot-wait.js';
import { act, observe, quiet, type Verdict } from './decision.js';
import { readEdit } from './edit-record.js';
import { isBookable, type Rules } from './rules.js';
import type { EventReading, Situation } from './situation.js';
import { seekSuccessor } from './successor.js';

/** Period in which the edit is retried, because the slot may have been freed between the refusal and the check of its holder. */
const JUST_LEFT_MS: number = 10 * SECOND;

/** Did another edit free the slot of this edit? The record of that edit may be older than its map, which is stored first. */
function hasLeftSlot({ appointmentId, state, base }: EditRecord, wanted: EditRecord): boolean {
  const isCarried = state === 'carried' || state === 'seen' || state === 'released';
  const isOther = appointmentId !== wanted.appointmentId && isCarried;
  return isOther && base.bay === wanted.toBay && base.start < wanted.end && wanted.start < base.end;
}

/**
 * docs/decision-table.md#row-21: the booking system has refused an edit. The edit is reverted, unless its slot is held by an
 * appointment with an edit in progress. Then it waits for that edit.
 */
export function decideRefusedEdit(
  { event }: EventReading,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation & { readonly refusal: SyncError },
  rules: Rules,
): Verdict {
  const revert = (): Verdict => revertEdit('edit-refused', event, map, side.target, situation, rules);
  if (!isBookable(event) || side.moved || situation.rebooking) return revert();
  const successor = rules.reschedule === 'rebook' ? seekSuccessor(event, map, situation, rules) : null;
  if (successor) return successor;
  const { edits, slotHolder, now } = situation;
  if (edits === undefined) return observe('edits');
  if (slotHolder === undefined) return observe('slot-holder');
  const { edit, same } = readEdit(event, map, edits, situation, rules);
  const record = same ?? edit;
  // The event of a replayed edit shows the booking again: it is no edit of this moment.
  const isJustMade = situation.replayed !== true && now - record.at < JUST_LEFT_MS;
  if (slotHolder === null && isJustMade && edits.some((other) => hasLeftSlot(other, record))) {
    return { ...quiet('edit-refused', 'its slot was left in that moment'), recheckAt: now + RECHECK_MS };
  }
  const leaves = mayLeave(record, edits, situation);
  if (leaves === null) return observe('slot-holder-event');
  if (!slotHolder || !leaves) return revert();
  const { uscheduleAppointmentId: waitsFor } = slotHolder.map;
  if (record.waitsFor !== waitsFor) {
    const refusal = storable(situation.refusal);
    const waiting = { ...record, state: 'seen' as const, waitsFor, refusal };
    return act('edit-refused', { do: 'record-edits', edits: [waiting] });
  }
  return decideSlotWait(record, edits, situation, revert) ?? revert();
}

/** Returns the refusal as the record stores it: the payload becomes text, because its field names are arbitrary. */
function storable({ payload, ...error }: SyncError): SyncError {
  if (payload === undefined) return error;
  return { ...error, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
}
