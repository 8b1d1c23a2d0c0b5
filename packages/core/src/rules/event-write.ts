import type { CalendarEvent } from '../domain/calendar-event.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import { type Content, sameText } from '../domain/content.js';
import type { Bay } from '../domain/bay.js';
import type { EventFields, EventWrite, RoutedContent } from './decision.js';
import { isBookable, isMarkedCanceled } from './rules.js';
import { isOurText, ownTextsOf, type TextField, type Texts } from './whose-text.js';

/** The target of a booking's content. */
export interface Target {
  readonly bay: Bay;
  readonly base: RoutedContent;
}

function timeFields(event: CalendarEvent, base: RoutedContent): EventFields {
  if (isBookable(event) && event.start === base.start && event.end === base.end) return {};
  return { start: base.start, end: base.end, ...(event.shape === 'recurring' ? { single: true as const } : {}) };
}

function timeOf({ start, end }: Pick<Content, 'start' | 'end'> | CalendarEvent): EventWrite['assumed'] {
  return { start, end };
}

function isEmpty(write: EventWrite): boolean {
  return write.moveTo === null && Object.keys(write.fields).length === 0 && write.stamp === undefined;
}

/**
 * Returns the changes of a mirror that make it show the booking. Time and calendar are compared with the event (or with the
 * base, if the event was not observed). A text is written only if the booking's text has changed, or over an outdated text of
 * ours; and a description only over one of ours (docs/decision-table.md#whose-text).
 *
 * @param isClosed the calendar of the mirror belongs to no bay: another time of the event is no edit and is overwritten
 * @returns null if there is no change
 */
export function mirrorWrite(
  map: BookingEventMap,
  event: CalendarEvent | null,
  target: Target,
  isClosed = false,
): EventWrite | null {
  const { base, bay } = target;
  const calendarId = event?.calendarId ?? map.googleCalendarId;
  const time = event
    ? timeFields(event, base)
    : map.base.start === base.start && map.base.end === base.end && !isClosed
      ? {}
      : { start: base.start, end: base.end };
  const outdated = event ? ownTextsOf(event, base) : {};
  const hasChanged = (field: TextField): boolean =>
    outdated[field] !== undefined ||
    (!sameText(map.base[field], base[field]) && !(event && sameText(event[field], base[field])));
  const isOwn = event ? !isOurText('description', event, base, map.base) : map.flags?.ownDescription === true;
  const moveTo = calendarId === bay.calendarId ? null : bay.calendarId;
  const write: EventWrite = {
    calendarId,
    eventId: map.googleEventId,
    moveTo,
    fields: {
      ...time,
      ...(hasChanged('title') ? { title: base.title } : {}),
      ...(hasChanged('description') && !isOwn ? { description: base.description } : {}),
    },
    ifMatch: event ? event.etag : map.etag,
    assumed: isClosed && !event ? null : timeOf(event ?? map.base),
    base,
    ...(map.base.bay !== base.bay && map.googleCalendarId === bay.calendarId ? { stamp: true as const } : {}),
  };
  return isEmpty(write) ? null : write;
}

/**
 * Returns the changes of an event without an active map that make it show the booking: time and bay, and a text only if it
 * is ours and outdated. An event without our marks, or with the marks of another bay, gets new marks.
 *
 * @param agreed texts of the last agreement; null if there is none
 * @returns null if there is no change
 */
export function fullWrite(event: CalendarEvent, target: Target, agreed: Texts | null = null): EventWrite | null {
  const { base, bay } = target;
  const isMark = isMarkedCanceled(event);
  const follows = (field: TextField): boolean =>
    !sameText(event[field], base[field]) && isOurText(field, event, base, agreed);
  const { managed, bay: markedBay } = event.marks;
  const write: EventWrite = {
    calendarId: event.calendarId,
    eventId: event.eventId,
    moveTo: event.calendarId === bay.calendarId ? null : bay.calendarId,
    fields: {
      ...timeFields(event, base),
      ...(isMark || follows('title') ? { title: base.title } : {}),
      ...(follows('description') ? { description: base.description } : {}),
      ...(isMark ? { free: false } : {}),
    },
    ifMatch: event.etag,
    assumed: timeOf(event),
    base,
    ...(!managed || (markedBay !== null && markedBay !== base.bay) ? { stamp: true as const } : {}),
  };
  return isEmpty(write) ? null : write;
}
