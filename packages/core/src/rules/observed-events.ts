import { refOf, type BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { CopyRecord } from '../domain/event-record.js';
import { isSamePlace } from '../domain/task.js';
import { derivedEventId, isDerivedEventId, isOurId } from './event-marks.js';
import { isActiveEvent, isActiveFor, isManaged, isMarkedFor, isOrdinary } from './rules.js';
import type { EventReading, Situation } from './situation.js';

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
): EventReading | undefined {
  if (map === null) {
    const mirror = chooseMirror(
      appointmentId,
      readings.map((reading) => reading.event),
    );
    return readings.find((reading) => reading.event === mirror) ?? (bookingSeen ? undefined : readings[0]);
  }
  const mirrors = readings.filter((reading) => reading.event.eventId === map.googleEventId);
  const rank = ({ event }: EventReading): number =>
    (event.state === 'live' ? 0 : 2) + (event.calendarId === map.googleCalendarId ? 0 : 1);
  const best = mirrors.toSorted((a, b) => rank(a) - rank(b))[0];
  if (best) return best;
  return bookingSeen ? undefined : readings[0];
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
  return isOurId(eventId, appointmentId) ? 1 : 2;
}

/**
 * Returns the active events with the appointment's marks, except the map's event at its place. Without a map, the event that
 * may become the mirror is left out.
 */
export function otherEvents(
  appointmentId: string,
  map: BookingEventMap | null,
  picked: EventReading | undefined,
  readings: readonly EventReading[],
): readonly EventReading[] {
  const eventId = map?.googleEventId ?? picked?.event.eventId;
  const calendarId = map?.googleCalendarId ?? picked?.event.calendarId;
  return readings.filter(
    ({ event }) => isActiveFor(event, appointmentId) && (event.eventId !== eventId || event.calendarId !== calendarId),
  );
}

/** Observed events to be recorded, because a later attempt has to know them. */
export interface EventsToRecord {
  /** The id of the mirror of which the copies are copies. */
  readonly mirrorId: string;
  readonly copies: readonly CalendarEvent[];
  /** Events that may become the mirror, although their ids do not show it. */
  readonly candidates: readonly CalendarEvent[];
}

/**
 * Selects the other events with the marks of the appointment that were observed with its mirror, or while a map names a
 * mirror (docs/decision-table.md#row-25). The mirror may be deleted: then a copy may replace it. Without a map an event that
 * may become the mirror is a candidate, if its id does not show that it is ours.
 */
export function eventsToRecord(
  { appointmentId, map, event: mirror, reread }: Situation,
  readings: readonly EventReading[],
): EventsToRecord {
  const seen = mirror !== undefined && isActiveEvent(mirror.event) ? mirror.event : null;
  const mirrorId = map?.googleEventId ?? seen?.eventId ?? derivedEventId(appointmentId);
  // Without a mirror only events that cannot become one are copies. The others are candidates.
  const isCopy = (event: CalendarEvent): boolean => map !== null || seen !== null || !isOrdinary(event);
  const copies = readings
    .map(({ event }) => event)
    // The picked event is recorded when it is decided, unless the mirror is read instead of it.
    .filter((event) => (event !== mirror?.event || reread !== undefined) && event.eventId !== mirrorId)
    .filter((event) => isActiveFor(event, appointmentId) && isCopy(event));
  const candidates = map === null && seen && isCandidate(seen, appointmentId) ? [seen] : [];
  return { mirrorId, copies, candidates };
}

/** May an event become the mirror of its appointment, although its id does not show it? */
export function isCandidate(event: CalendarEvent, appointmentId: string): boolean {
  return isMarkedFor(event, appointmentId) && isOrdinary(event) && !isDerivedEventId(event.eventId, appointmentId);
}

/** Is it no copy: deleted, or without our marks? A tombstone may show the marks. */
export function isNoCopy(event: CalendarEvent): boolean {
  return event.state === 'gone' || !isManaged(event);
}

/** Returns the recorded copies that a canceled booking left behind at its time (docs/decision-table.md#row-23). */
export function leftBehind(
  copies: readonly CopyRecord[],
  { googleEventId, base }: BookingEventMap,
): readonly CopyRecord[] {
  return copies.filter(
    ({ eventId, start, end }) => eventId !== googleEventId && start === base.start && end === base.end,
  );
}

/**
 * Is a recorded copy not listed as one? Without a map a candidate may become the mirror. The map's event itself is recorded if
 * it is about to be created again in another calendar.
 */
export function isMirrorOrCandidate(copy: CopyRecord, map: BookingEventMap | null): boolean {
  return map === null ? copy.isCandidate === true : isSamePlace(copy, refOf(map));
}

/** Returns the recorded copies of a calendar that a full list of it does not show. The list may lack events. */
export function unlistedCopies(
  copies: readonly CopyRecord[],
  calendarId: string,
  listed: ReadonlySet<string>,
): readonly CopyRecord[] {
  return copies.filter((copy) => copy.calendarId === calendarId && !listed.has(copy.eventId));
}

/**
 * Returns the recorded copies of a calendar that are copies no longer.
 *
 * @param events the events of these copies that exist
 */
export function endedCopies(copies: readonly CopyRecord[], events: readonly CalendarEvent[]): readonly CopyRecord[] {
  const lasting = new Set(events.filter((event) => !isNoCopy(event)).map(({ eventId }) => eventId));
  return copies.filter(({ eventId }) => !lasting.has(eventId));
}
