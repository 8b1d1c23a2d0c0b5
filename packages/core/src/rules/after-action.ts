import { type BookingEventMap, refOf } from '../domain/booking-event-map.js';
import type { EditRecord } from '../domain/event-record.js';
import type { SyncError } from '../domain/sync-error.js';
import type { EventRef } from '../domain/task.js';
import { CHANGES, type Action, type Decision, type Reason } from './decision.js';
import { derivedEventId } from './event-marks.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

/** An action, and the situation that it was decided in. */
interface Taken {
  readonly action: Action;
  readonly situation: Situation;
}

/** Does the action change one of the two systems? */
export function isWrite({ do: name }: Action): boolean {
  return CHANGES[name] === 'event' || CHANGES[name] === 'booking';
}

/** What to observe again after a failed action. Null: the task fails. */
export type Outdated = 'event' | 'booking' | null;

/**
 * Some failures only show that the observations are outdated: an event that has changed or is gone, and the first refused
 * change of a booking.
 */
export function outdatedBy({ kind, system }: SyncError, { refusal, refused }: Situation, { systems }: Rules): Outdated {
  if (system === systems.calendars && (kind === 'conflict' || kind === 'not-found' || kind === 'gone')) return 'event';
  const isRefused = system === systems.bookings && (kind === 'refused' || kind === 'not-found');
  return isRefused && refusal === null && refused === undefined ? 'booking' : null;
}

/** Returns the next situation after an action failed because the event is another than the observed one. */
export function withEventOutdated({ action, situation }: Taken, map: BookingEventMap | null): Situation {
  return { ...situation, map, reread: { event: eventToReread(map, { action, situation }), booking: false } };
}

/** Returns the event to read again: the map's, else the observed one, else the one to be created. */
function eventToReread(map: BookingEventMap | null, { action, situation }: Taken): EventRef | null {
  if (map) return refOf(map);
  if (situation.event) return situation.event.event;
  return action.do === 'create-event'
    ? { calendarId: action.bay.calendarId, eventId: derivedEventId(situation.appointmentId) }
    : null;
}

/** Returns the next situation after the booking system has refused a change. */
export function withRefusal({ action, situation }: Taken, map: BookingEventMap | null, error: SyncError): Situation {
  const change = action.do === 'cancel-booking' ? 'cancellation' : 'reschedule';
  // Other edits may have been applied meanwhile, and have freed the slot.
  const { edits: _earlier, ...rest } = situation;
  return { ...rest, map, booking: undefined, refused: { change, error } };
}

/**
 * Returns the next situation with the record that was stored after the action: the edit is not executed twice. The terms of a
 * rebooking that may still be refused are those of the edit as it was observed.
 */
export function withRecord(next: Situation, { record }: Pick<Decision, 'record'>): Situation {
  if (!record || next.edits === undefined || next.rebooking) return next;
  return { ...next, edits: next.edits.map((edit) => (edit.id === record.id ? record : edit)) };
}

/** Returns the edit that a failed action had to apply to the booking. Null if the action had another reason. */
export function undeliveredEdit({ action, situation }: Taken): EditRecord | null {
  const isEdit =
    action.do === 'reschedule-booking' || (action.do === 'cancel-booking' && action.because === 'event-deleted');
  if (!isEdit) return null;
  const edit = situation.edits?.find(({ appointmentId }) => appointmentId === situation.appointmentId) ?? null;
  // A request to undo a change is no edit: there is nothing to revert.
  return edit?.state === 'undo' ? null : edit;
}

/**
 * Returns the id under which the work continues after an action. Null: under its own. A reschedule that was begun and
 * finished in one round continues by its own row.
 */
export function supersederAfter({ action, situation }: Taken, map: BookingEventMap | null): string | null {
  if (action.do !== 'finish-reschedule' && action.do !== 'store-map') return null;
  const isOfThisRound = action.do === 'finish-reschedule' && situation.rebooking?.phase === 'first';
  return isOfThisRound ? null : (map?.supersededBy ?? null);
}

/** The warning about a write after which the event has no marks of ours. */
const NOT_KEPT =
  'metadata-removed: the calendar has not kept the marks of our write: no edit of this event changes its booking';

/** Reasons with a warning of `/ready`. Edit wars are reported from their records (`readiness.ts`). */
const WARNED: ReadonlySet<Reason> = new Set([
  'orphan-foreign',
  'orphan-unproven',
  'metadata-removed',
  'dead-stays-dead',
]);

/** Returns the warning of `/ready` about the appointment after a decision. Null: none. */
export function warningAfter(
  { reason, detail }: Pick<Decision, 'reason' | 'detail'>,
  { map, wrote }: { readonly map: BookingEventMap | null; readonly wrote: boolean },
  earlier: string | undefined,
): string | null {
  if (WARNED.has(reason) && detail !== null) return `${reason}: ${detail}`;
  const isUnmarked = map?.status === 'ACTIVE' && map.flags?.unmarked === true;
  return isUnmarked && (wrote || earlier === NOT_KEPT) ? NOT_KEPT : null;
}

/** Reasons that are reported although the round continues. */
const REPORTED_STEPS: ReadonlySet<Reason> = new Set(['event-replaced', 'edit-held', 'change-undone']);

/** Is it an intermediate step, which is reported with its final decision? */
export function isStep({ action, reason }: Pick<Decision, 'action' | 'reason'>): boolean {
  return (action.do === 'note' || action.do === 'record-edits') && !REPORTED_STEPS.has(reason);
}
