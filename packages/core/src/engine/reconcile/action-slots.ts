import type { Content } from '../../domain/content.js';
import type { Slot } from '../../domain/slot.js';
import type { ActionEvent } from '../../domain/sync-event.js';
import type { Attempt } from './outcome.js';

function slotOf({ start, end, bay }: Content): Slot {
  return { start, end, bay };
}

/** Where the event was seen, as far as it has a time; the bay, where it is the map's. */
function eventSlot({ event, map }: Attempt['situation']): Slot | null {
  const seen = event?.event;
  if (seen?.state !== 'live' || seen.start === null || seen.end === null) return null;
  return { start: seen.start, end: seen.end, bay: seen.calendarId === map?.googleCalendarId ? map.base.bay : null };
}

/** Where the written side had it, and has it now. */
function slotsOf({ action, situation }: Attempt): Pick<ActionEvent, 'before' | 'after'> {
  const agreed = situation.map && slotOf(situation.map.base);
  switch (action.do) {
    case 'create-event':
    case 'restore-event':
      return { before: null, after: slotOf(action.base) };
    case 'adopt-event':
      return { before: eventSlot(situation), after: slotOf(action.base) };
    case 'write-event':
      return { before: eventSlot(situation) ?? agreed, after: slotOf(action.write.base) };
    case 'reschedule-booking':
    case 'finish-reschedule':
      return { before: agreed, after: slotOf(action.base) };
    case 'cancel-event':
    case 'remove-copy':
    case 'cancel-booking':
      return { before: agreed, after: null };
    case 'nothing':
    case 'note':
    case 'record-edits':
    case 'record-copy':
    case 'forget-edit':
    case 'store-map':
      return { before: agreed, after: agreed };
  }
}

/**
 * When the change was made, by the clock of the side it was made on. A booking tells when it was made and nothing later;
 * an event, when it was last changed, which is the edit where an edit is what was answered.
 */
function madeAt({ action, reason, situation }: Attempt): ActionEvent['changedAt'] {
  if (action.do === 'create-event') return situation.booking?.booking?.createdAt ?? null;
  const isEdit =
    action.do === 'reschedule-booking' ||
    action.do === 'finish-reschedule' ||
    action.do === 'cancel-booking' ||
    reason === 'edit-refused' ||
    reason === 'unsupported-edit';
  return isEdit ? (situation.event?.event.updatedAt ?? null) : null;
}

/** What the journal tells of a write besides what the log does: from where to where, and since when it was due. */
export function actionSlots(
  attempt: Attempt,
  appointmentId: string,
  outcome: ActionEvent['outcome'],
): Pick<ActionEvent, 'before' | 'after' | 'changedAt' | 'successor'> {
  const { action, stored } = attempt;
  const isMoved = outcome === 'ok' && action.do === 'reschedule-booking';
  const id = isMoved ? (stored?.uscheduleAppointmentId ?? appointmentId) : appointmentId;
  return { ...slotsOf(attempt), changedAt: madeAt(attempt), successor: id === appointmentId ? null : id };
}
