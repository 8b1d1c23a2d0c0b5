import type { Instant } from '../domain/instant.js';
import type { Rules } from './rules.js';
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
  now: Instant,
  { timing }: Rules,
): boolean {
  const { event } = reading;
  return listed.some((earlier) => {
    const age = now - earlier.at;
    if (earlier.event.eventId !== event.eventId || age < 0 || age >= timing.listShowsMs) return false;
    const isOlder = event.updatedAt !== null && event.updatedAt < (earlier.event.updatedAt ?? 0);
    if (earlier.event.state === 'live') {
      // A list has shown the event in another bay's calendar, but the search by id has not found it there yet.
      return isOlder || (event.state === 'gone' && earlier.event.calendarId !== event.calendarId);
    }
    if (earlier.event.calendarId !== event.calendarId) return false;
    // A tombstone may have no time. If the event was restored since, the next list shows it.
    return event.state === 'live' && (isOlder || earlier.event.updatedAt === null);
  });
}
