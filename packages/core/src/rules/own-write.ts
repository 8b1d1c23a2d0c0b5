import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { textsOf } from './intent-kind.js';
import type { Rules } from './rules.js';
import { textDigest } from './event-marks.js';
import type { TextField, Texts } from './whose-text.js';

/**
 * The map as if our own interrupted write to the event had been stored (docs/decision-table.md#echoes-and-loops). An event
 * that bears the write's id got the write; whatever differs from it was edited later. An event that does not bear it
 * never got it, but may have been moved by it: a move cannot stamp.
 *
 * @param wanted what the booking says now; null: it was not read
 */
export function withOwnWrite(
  map: BookingEventMap,
  event: CalendarEvent | null,
  wanted: Texts | null,
  rules: Rules,
): BookingEventMap {
  const { intent } = map;
  if (intent === null || intent.kind === 'reschedule' || event === null) return map;
  const hasMoved = rules.routing.ofBay(intent.bay)?.calendarId === event.calendarId;
  if (intent.write === undefined || event.marks.write !== intent.write) {
    if (!hasMoved || event.state === 'gone' || event.calendarId === map.googleCalendarId) return map;
    return { ...map, googleCalendarId: event.calendarId, base: { ...map.base, bay: intent.bay } };
  }
  const { start, end, bay } = intent;
  return {
    ...map,
    // The write ended in the calendar of its bay, wherever the event was moved after it.
    googleCalendarId: rules.routing.ofBay(bay)?.calendarId ?? map.googleCalendarId,
    base: { ...map.base, start, end, bay, ...writtenTexts(map, event, intent, wanted ?? event) },
  };
}

/**
 * The texts that the write has set, by the digest that the event bears: what the booking says, if that was written; else
 * what the event shows, if no person has written another text since.
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
