import type { BookingEventMap } from '../domain/booking-event-map.js';
import { tombstone, type CalendarEvent } from '../domain/calendar-event.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { EventRef } from '../domain/task.js';
import { isActiveEvent, isClosedCalendar, isManaged, isMarkedFor, type Rules } from './rules.js';
import type { EventReading } from './situation.js';

/** Assumed maximum age of a deletion without a time at its first observation. */
const UNTIMED_MS: number = 10 * MINUTE;

/** What calendars show under one id; null: nothing. */
export type Answers = readonly (CalendarEvent | null)[];

/** Returns the active event among answers. Null if there is none: an event that is marked as cancelled counts as missing. */
export function firstActive(events: Answers): CalendarEvent | null {
  return events.find((event) => event !== null && isActiveEvent(event)) ?? null;
}

/**
 * Returns the event of a search by its id: in its own calendar, else an active one in the calendar of another bay, else the
 * latest tombstone, which shows the event at its deletion.
 */
export function searchResult(at: EventRef, home: CalendarEvent | null, others: Answers): CalendarEvent {
  if (home?.state === 'live') return home;
  return firstActive(others) ?? lastDeleted([home, ...others]) ?? tombstone(at);
}

function lastDeleted(events: Answers): CalendarEvent | null {
  const gone = events.filter((event) => event?.state === 'gone');
  return gone.reduce(
    (last, event) => ((event?.updatedAt ?? 0) > (last?.updatedAt ?? 0) ? event : last),
    gone[0] ?? null,
  );
}

/**
 * Does an error of another bay leave the search of a mirror inconclusive? A mirror in a closed calendar waits for no calendar
 * that is known to be unreadable: its absence cancels nothing.
 */
export function isInconclusive({ kind, unsent }: SyncError, calendarId: string, rules: Rules): boolean {
  if (!isClosedCalendar(calendarId, rules)) return true;
  return unsent !== true && kind !== 'forbidden' && kind !== 'not-found';
}

/**
 * May a deleted mirror have been moved to a closed calendar while that still belonged to a bay?
 *
 * @param seenAt the first observation of the deletion
 * @param closedAt null if unknown
 */
export function mayHaveMovedTo(
  closedAt: Instant | null,
  { event }: EventReading,
  seenAt: Instant,
  { timing }: Rules,
): boolean {
  const deletedAt = event.updatedAt ?? seenAt - UNTIMED_MS;
  return closedAt === null || deletedAt <= closedAt + timing.recordTimeSlackMs;
}

/** Is an event under the id of the map the mirror? A calendar may lose the marks of a moved event. */
export function isMirrorThere(event: CalendarEvent, { uscheduleAppointmentId }: BookingEventMap): boolean {
  return isActiveEvent(event) && (isMarkedFor(event, uscheduleAppointmentId) || !isManaged(event));
}
