import type { BookingEventMap, SyncIntent, IntentKind } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { textDigest } from './event-marks.js';
import type { TextField, Texts } from './event-write.js';
import type { Rules } from './rules.js';

/** The texts of an event that a change writes. */
export interface WrittenTexts {
  readonly title: boolean;
  readonly description: boolean;
}

export function textsOf(kind: IntentKind): WrittenTexts {
  return {
    title: kind === 'write-title' || kind === 'write-text',
    description: kind === 'write-description' || kind === 'write-text',
  };
}

/** Returns the kind of a write to an event. An earlier write without a known result counts as still in progress. */
export function writeKind({ title, description }: WrittenTexts, earlier: SyncIntent | null): IntentKind {
  const before = earlier ? textsOf(earlier.kind) : { title: false, description: false };
  const writes = { title: title || before.title, description: description || before.description };
  if (writes.title && writes.description) return 'write-text';
  if (writes.title) return 'write-title';
  return writes.description ? 'write-description' : 'write-event';
}

/**
 * Returns the map as if our own interrupted write to the event had been stored (docs/decision-table.md#echoes-and-loops). An
 * event with the write's id received the write, so every difference is a later edit. An event without it did not, but may
 * have been moved: a move cannot change marks.
 *
 * @param wanted the content of the booking now; null if it was not read
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
    // The write ended in the calendar of its bay. Any other place is a later move.
    googleCalendarId: rules.routing.ofBay(bay)?.calendarId ?? map.googleCalendarId,
    base: { ...map.base, start, end, bay, ...writtenTexts(map, event, intent, wanted ?? event) },
  };
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
