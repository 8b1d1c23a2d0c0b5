import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EventReading } from './situation.js';
import { chooseMirror } from './mirror.js';

/**
 * Of all the events seen for an appointment, the one to decide about: the mirror, which is the map's event where
 * there is a map (alive in any calendar before its tombstone in an old one), and the best candidate where there is
 * none. A copy is only looked at when nothing else was seen, so that it can be told.
 */
export function pickEvent(
  appointmentId: string,
  map: BookingEventMap | null,
  readings: readonly EventReading[],
  bookingSeen: boolean,
): EventReading | null {
  if (map === null) {
    const mirror = chooseMirror(
      appointmentId,
      readings.map((reading) => reading.event),
    );
    return readings.find((reading) => reading.event === mirror) ?? (bookingSeen ? null : (readings[0] ?? null));
  }
  const mirrors = readings.filter((reading) => reading.event.eventId === map.googleEventId);
  const rank = ({ event }: EventReading): number =>
    (event.state === 'live' ? 0 : 2) + (event.calendarId === map.googleCalendarId ? 0 : 1);
  const best = mirrors.toSorted((a, b) => rank(a) - rank(b))[0];
  if (best) return best;
  return bookingSeen ? null : (readings[0] ?? null);
}
