import type { SyncError } from '../../domain/sync-error.js';
import type { ActionEvent, SyncAction, SyncDirection } from '../../domain/sync-event.js';
import type { Instant } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Action, Reason } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-id.js';
import { actionSlots } from './action-slots.js';
import { countedFrom } from './counted-from.js';
import type { Attempt } from './outcome.js';

/** The write of a decision in the words of docs/operating-contract.md#logs-and-metrics. */
export function nameAction(
  action: Action,
  reason: Reason,
): { readonly action: SyncAction; readonly direction: SyncDirection } {
  const direction = WRITES_TO_BOOKINGS.has(action.do) ? 'GCAL_TO_USCHEDULE' : 'USCHEDULE_TO_GCAL';
  return { action: actionOf(action, reason), direction };
}

const WRITES_TO_BOOKINGS: ReadonlySet<Action['do']> = new Set([
  'reschedule-booking',
  'finish-reschedule',
  'cancel-booking',
]);

const PUT_BACK: ReadonlySet<Reason> = new Set([
  'edit-refused',
  'unsupported-edit',
  'conflict',
  'conflict-restore',
  'booking-revived',
]);

function actionOf(action: Action, reason: Reason): SyncAction {
  switch (action.do) {
    case 'create-event':
      return 'create';
    case 'adopt-event':
      return 'adopt';
    case 'restore-event':
      return 'restore';
    case 'cancel-event':
    case 'remove-copy':
    case 'cancel-booking':
      return 'cancel';
    case 'reschedule-booking':
    case 'finish-reschedule':
      return reason === 'event-moved-bay' ? 'move' : 'update';
    case 'write-event':
      if (PUT_BACK.has(reason)) return 'restore';
      return action.write.moveTo === null ? 'update' : 'move';
    case 'nothing':
    case 'note':
    case 'record-edits':
    case 'record-copy':
    case 'forget-edit':
    case 'store-map':
      return 'update';
  }
}

/** Where the write went: the event it was about. A first event that could not be made has the id it was to have. */
export function eventOf(
  { action, situation, stored }: Attempt,
  appointmentId: string,
): { readonly calendarId: string | null; readonly eventId: string | null } {
  const { map } = situation;
  switch (action.do) {
    case 'create-event':
    case 'restore-event':
      return {
        calendarId: action.bay.calendarId,
        eventId: (stored ?? map)?.googleEventId ?? derivedEventId(appointmentId),
      };
    case 'write-event':
      return { calendarId: action.write.moveTo ?? action.write.calendarId, eventId: action.write.eventId };
    case 'adopt-event':
    case 'remove-copy':
    case 'reschedule-booking':
      return action.event;
    case 'cancel-event':
      if (action.event) return action.event;
      break;
    default:
  }
  return { calendarId: map?.googleCalendarId ?? null, eventId: map?.googleEventId ?? null };
}

export interface ActionOutcome {
  readonly at: Instant;
  readonly outcome: ActionEvent['outcome'];
  readonly error: SyncError | null;
}

export function actionEvent(attempt: Attempt, task: ClaimedTask, { at, outcome, error }: ActionOutcome): ActionEvent {
  const named = nameAction(attempt.action, attempt.reason);
  const { calendarId, eventId } = eventOf(attempt, task.appointmentId);
  return {
    type: 'action',
    at,
    ...named,
    outcome,
    reason: attempt.reason,
    appointmentId: task.appointmentId,
    calendarId,
    eventId,
    attempt: task.attempts + 1,
    durationMs: attempt.durationMs,
    trigger: task.trigger,
    propagationMs: outcome === 'ok' ? Math.max(0, at - countedFrom(named.direction, attempt, task)) : null,
    ...actionSlots(attempt, task.appointmentId, outcome),
    error,
  };
}
