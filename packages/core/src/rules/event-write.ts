import type { CalendarEvent } from '../domain/calendar-event.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import { sameText } from '../domain/content.js';
import type { Bay } from '../domain/bay.js';
import type { EventFields, EventWrite, RoutedContent } from './decision.js';
import { isBookable, isMarkedCanceled } from './rules.js';

/** Where a booking's content has to be shown. */
export interface Target {
  readonly bay: Bay;
  readonly base: RoutedContent;
}

function timeFields(event: CalendarEvent, base: RoutedContent): EventFields {
  if (isBookable(event) && event.start === base.start && event.end === base.end) return {};
  return { start: base.start, end: base.end, ...(event.shape === 'recurring' ? { single: true as const } : {}) };
}

function timeOf({ start, end }: EventWrite['assumed']): EventWrite['assumed'] {
  return { start, end };
}

function isEmpty(write: EventWrite): boolean {
  return write.moveTo === null && Object.keys(write.fields).length === 0;
}

/**
 * What has to change in a mirror so that it shows the booking. Time and calendar follow what the event shows now (or
 * the base, where it was not seen); a text is written only when the booking's text itself has changed, so that what a
 * person wrote outlives a change of time. null: nothing has to change.
 */
export function mirrorWrite(map: BookingEventMap, event: CalendarEvent | null, target: Target): EventWrite | null {
  const { base, bay } = target;
  const calendarId = event?.calendarId ?? map.googleCalendarId;
  const time = event
    ? timeFields(event, base)
    : map.base.start === base.start && map.base.end === base.end
      ? {}
      : { start: base.start, end: base.end };
  const textChanged = (field: 'title' | 'description'): boolean =>
    !sameText(map.base[field], base[field]) && !(event && sameText(event[field], base[field]));
  const write: EventWrite = {
    calendarId,
    eventId: map.googleEventId,
    moveTo: calendarId === bay.calendarId ? null : bay.calendarId,
    fields: {
      ...time,
      ...(textChanged('title') ? { title: base.title } : {}),
      ...(textChanged('description') ? { description: base.description } : {}),
    },
    ifMatch: event ? event.etag : map.etag,
    assumed: timeOf(event ?? map.base),
    base,
  };
  return isEmpty(write) ? null : write;
}

/** What has to change in an event so that it shows all of the booking, texts included. null: nothing. */
export function fullWrite(event: CalendarEvent, target: Target): EventWrite | null {
  const { base, bay } = target;
  const write: EventWrite = {
    calendarId: event.calendarId,
    eventId: event.eventId,
    moveTo: event.calendarId === bay.calendarId ? null : bay.calendarId,
    fields: {
      ...timeFields(event, base),
      ...(sameText(event.title, base.title) ? {} : { title: base.title }),
      ...(sameText(event.description, base.description) ? {} : { description: base.description }),
      ...(isMarkedCanceled(event) ? { free: false } : {}),
    },
    ifMatch: event.etag,
    assumed: timeOf(event),
    base,
  };
  return isEmpty(write) ? null : write;
}
