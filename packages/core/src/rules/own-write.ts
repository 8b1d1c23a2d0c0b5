import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { textDigest } from './event-marks.js';
import { textsOf, type TextField, type Texts } from './event-write.js';
import { isKnownVersion, type Rules } from './rules.js';

/**
 * Returns the map as if our own interrupted write to the event had been stored (docs/decision-table.md#echoes-and-loops). An
 * event with the write's id received the write, so every difference is a later edit. An event without it did not, but may
 * have been moved: a move cannot change marks.
 *
 * @param wanted the content of the booking now; null if it was not read
 * @param trace the tombstone of the event in the calendar to which the write was to move it
 */
export function withOwnWrite(
  map: BookingEventMap,
  event: CalendarEvent | null,
  wanted: Texts | null,
  rules: Rules,
  trace: CalendarEvent | null = null,
): BookingEventMap {
  const { intent } = map;
  if (intent === null || intent.kind === 'reschedule' || event === null) return map;
  if (intent.write === undefined || event.marks.write !== intent.write) {
    const calendarId = rules.routing.ofBay(intent.bay)?.calendarId;
    return calendarId !== undefined && hasArrivedIn(calendarId, event, trace, map)
      ? { ...map, googleCalendarId: calendarId, base: { ...map.base, bay: intent.bay } }
      : map;
  }
  const { start, end, bay } = intent;
  // The bay may have another calendar since.
  const hasStayed = bay === map.base.bay && event.calendarId === map.googleCalendarId;
  return {
    ...map,
    // The write ended in the calendar of its bay. Any other place is a later move.
    googleCalendarId: (hasStayed ? null : rules.routing.ofBay(bay)?.calendarId) ?? map.googleCalendarId,
    base: { ...map.base, start, end, bay, ...writtenTexts(map, event, intent, wanted ?? event) },
  };
}

/**
 * Had the event been moved to that calendar when its last version was written? It is there, or was deleted there, or a user has moved
 * it back.
 */
function hasArrivedIn(
  calendarId: string,
  event: CalendarEvent,
  trace: CalendarEvent | null,
  map: BookingEventMap,
): boolean {
  if (calendarId === map.googleCalendarId) return false;
  if (event.calendarId === calendarId) return event.state === 'live' || isTraceOf(event, map);
  const isUnwritten = trace !== null && event.marks.bay === map.base.bay && event.marks.write === trace.marks.write;
  return isUnwritten && trace.calendarId === calendarId && isTraceOf(trace, map);
}

/**
 * Was the event removed from this calendar after it had been moved there? Its marks still name the former bay, so it
 * was not written since the move. An older tombstone is the trace of an earlier move out of this calendar.
 */
function isTraceOf({ state, marks, updatedAt }: CalendarEvent, map: BookingEventMap): boolean {
  const isMarked = marks.appointmentId === map.uscheduleAppointmentId && marks.bay === map.base.bay;
  const isLater = updatedAt !== null && map.eventUpdatedAt !== null && updatedAt > map.eventUpdatedAt;
  return state === 'gone' && isMarked && isLater;
}

/**
 * Is the event not in this calendar any more because our own write, which is not recorded yet, is moving it to another one? Then
 * its tombstone here is no edit.
 */
export function isLeavingByOwnMove({ state, calendarId }: CalendarEvent, map: BookingEventMap, rules: Rules): boolean {
  const { intent } = map;
  if (state !== 'gone' || intent?.write === undefined) return false;
  return (rules.routing.ofBay(intent.bay)?.calendarId ?? calendarId) !== calendarId;
}

/**
 * May our interrupted write have moved the event, and a user have moved it back? The other calendar shows it, by the trace of
 * the event.
 */
export function mayBeMovedBack(event: CalendarEvent, map: BookingEventMap, { routing }: Rules): boolean {
  const { intent, googleCalendarId } = map;
  if (intent?.write === undefined || event.marks.write === intent.write) return false;
  const target = routing.ofBay(intent.bay)?.calendarId ?? googleCalendarId;
  const isHere = event.state === 'live' && event.calendarId === googleCalendarId;
  return isHere && target !== googleCalendarId && !isKnownVersion(event, map);
}

/**
 * Returns the texts of the write, by the digest of the event: the booking's text if that was written, else the event's text
 * if no user has changed it since.
 */
function writtenTexts({ base }: BookingEventMap, event: CalendarEvent, { kind }: SyncIntent, wanted: Texts): Texts {
  const written = textsOf(kind);
  const { titleDigest, descriptionDigest } = event.marks;
  const textOf = (field: TextField, digest: string | null): string =>
    [wanted, event].find((texts) => digest === textDigest(texts[field]))?.[field] ?? base[field];
  return {
    title: written.title ? textOf('title', titleDigest) : base.title,
    description: written.description ? textOf('description', descriptionDigest) : base.description,
  };
}
