import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Instant } from '../domain/instant.js';
import { isKnownVersion, type Rules } from './rules.js';
import type { EventReading } from './situation.js';

/**
 * Does a reading by id show an older state of the event than a list has shown shortly before? The calendar is not consistent
 * yet (docs/decision-table.md#proof-before-a-cancellation): nothing may be concluded, and the event is read again. Versions
 * are compared by the calendar's own times.
 *
 * @param listed the events of the lists that led to this task
 */
export function isOutdatedRead(
  reading: EventReading,
  listed: readonly EventReading[],
  map: BookingEventMap | null,
  now: Instant,
  { timing }: Rules,
): boolean {
  const { event } = reading;
  return listed.some((earlier) => {
    const age = now - earlier.at;
    if (earlier.event.eventId !== event.eventId || age < 0 || age >= timing.listShowsMs) return false;
    const isSameCalendar = earlier.event.calendarId === event.calendarId;
    // The search by id found the event nowhere, but it is in another calendar.
    if (!isSameCalendar) return event.state === 'gone' && earlier.event.state === 'live';
    if (event.updatedAt !== null && earlier.event.updatedAt !== null) {
      return event.updatedAt < earlier.event.updatedAt;
    }
    // A tombstone may have no time. A restored event has a new version.
    return earlier.event.state === 'gone' && map !== null && isKnownVersion(event, map);
  });
}
