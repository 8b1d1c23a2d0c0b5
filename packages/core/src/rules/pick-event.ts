import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EventReading } from './situation.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { appointmentOfEventId, isDerivedEventId } from './event-marks.js';
import { isActiveEvent, isMarkedFor, isOrdinary } from './rules.js';

/**
 * Selects one of the observed events of an appointment for the decision: the map's event if there is a map (an active one
 * in any calendar before a tombstone), else the best candidate. A copy is selected only if nothing else was
 * observed, so that it is reported.
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

/**
 * Selects the mirror among several events with the same appointment id. Order: active events first, then ids that we derive for
 * it, then ids that we derive for another appointment (the event was transferred with a new appointment id), then the
 * smaller id, so that every replica and every run selects the same. The others are copies (docs/decision-table.md#row-25).
 */
export function chooseMirror(appointmentId: string, events: readonly CalendarEvent[]): CalendarEvent | null {
  const rank = (event: CalendarEvent): number =>
    (isActiveEvent(event) ? 0 : 3) + rankOfId(event.eventId, appointmentId);
  const ours = events.filter((event) => isMarkedFor(event, appointmentId) && isOrdinary(event));
  ours.sort((a, b) => rank(a) - rank(b) || (a.eventId < b.eventId ? -1 : 1));
  return ours[0] ?? null;
}

function rankOfId(eventId: string, appointmentId: string): number {
  if (isDerivedEventId(eventId, appointmentId)) return 0;
  return appointmentOfEventId(eventId) === null ? 2 : 1;
}
