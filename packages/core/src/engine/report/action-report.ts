import type { SyncError } from '../../domain/sync-error.js';
import type { ActionEvent, SyncAction, SyncDirection } from '../../domain/sync-event.js';
import { HOUR, type Instant } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';
import { CHANGES, type Action, type Reason } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-marks.js';
import type { Attempt } from '../reconcile/outcome.js';
import type { Content, Slot } from '../../domain/content.js';

/** Returns the report of a decision's write, with the names of docs/operating-contract.md#logs-and-metrics. */
export function nameAction(
  action: Action,
  reason: Reason,
): { readonly action: SyncAction; readonly direction: SyncDirection } {
  const direction = CHANGES[action.do] === 'booking' ? 'GCAL_TO_USCHEDULE' : 'USCHEDULE_TO_GCAL';
  return { action: actionOf(action, reason), direction };
}

const REVERTING: ReadonlySet<Reason> = new Set([
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
      if (REVERTING.has(reason)) return 'restore';
      return action.write.moveTo === null ? 'update' : 'move';
    default:
      return 'update';
  }
}

/** Returns the place of the write. An event that could not be created has its intended id. */
export function eventOf(
  { action, situation, map: stored }: Attempt,
  appointmentId: string,
): { readonly calendarId: string | null; readonly eventId: string | null } {
  const { map } = situation;
  switch (action.do) {
    case 'create-event':
    case 'restore-event':
      return {
        calendarId: action.bay.calendarId,
        eventId: stored?.googleEventId ?? derivedEventId(appointmentId),
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

function slotOf({ start, end, bay }: Content): Slot {
  return { start, end, bay };
}

/** Returns the observed place of the event, if it is timed, with its bay, if it is the map's event. */
function eventSlot({ event, map }: Attempt['situation']): Slot | null {
  const seen = event?.event;
  if (seen?.state !== 'live' || seen.start === null || seen.end === null) return null;
  return { start: seen.start, end: seen.end, bay: seen.calendarId === map?.googleCalendarId ? map.base.bay : null };
}

/** Returns the place on the written side, before and after the write. */
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
    default:
      return { before: agreed, after: agreed };
  }
}

/**
 * Returns the time of the change, by the clock of its side. A booking has only its creation time. An event has the time of
 * its last change, which is the edit if the write answers an edit.
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

/** Facts of a write for the journal only: the places, and when it was due. */
function actionSlots(
  attempt: Attempt,
  appointmentId: string,
  outcome: ActionEvent['outcome'],
): Pick<ActionEvent, 'before' | 'after' | 'changedAt' | 'successor'> {
  const { action, map } = attempt;
  const isMoved = outcome === 'ok' && (action.do === 'reschedule-booking' || action.do === 'finish-reschedule');
  const id = (isMoved && (map?.supersededBy ?? map?.uscheduleAppointmentId)) || appointmentId;
  const { before, after } = slotsOf(attempt);
  return { before, after, changedAt: madeAt(attempt), successor: id === appointmentId ? null : id };
}

/** Reasons of reverted edits: the change is the edit, not the booking's state. */
const EDIT_PUT_BACK: ReadonlySet<Reason> = new Set(['edit-refused', 'unsupported-edit']);

/** Maximum time between the creation of a booking and its first observation. Longer means a backfill, or a hidden booking. */
const NOTICED_WITHIN_MS: number = HOUR;

/**
 * Returns the start of a change's propagation time: the time of the change if the source reports it (an edit by the event's
 * `updated`, a new booking by its creation), else the time of the observation. USchedule does not report when a booking was
 * moved or cancelled.
 */
function countedFrom(direction: SyncDirection, { action, reason, situation }: Attempt, task: ClaimedTask): Instant {
  if (direction === 'GCAL_TO_USCHEDULE' || EDIT_PUT_BACK.has(reason)) {
    return situation.event?.event.updatedAt ?? task.createdAt;
  }
  const isNew = action.do === 'create-event' && (task.trigger === 'poll' || task.trigger === 'hint');
  const madeAt = isNew ? (situation.booking?.booking?.createdAt ?? null) : null;
  if (madeAt === null || madeAt > task.createdAt || task.createdAt - madeAt > NOTICED_WITHIN_MS) return task.createdAt;
  return madeAt;
}
