import ICAL from 'ical.js';
import { NO_MARKS, cutText, DESCRIPTION_LIMIT, fromWallTime, plainText, TITLE_LIMIT } from '@loft/sync-core/adapters';
import type { EventDraft, EventMarks, EventPatch, EventShape } from '@loft/sync-core/adapters';
import type { CalendarEvent, Instant, TimeZones } from '@loft/sync-core';
import type { StoredObject } from './dav-session.js';

/** Properties of the VEVENT that hold our marks. */
const MARK_PROPERTIES = {
  appointmentId: 'x-loft-appointment',
  managed: 'x-loft-managed',
  bay: 'x-loft-bay',
  write: 'x-loft-write',
  titleDigest: 'x-loft-title',
  descriptionDigest: 'x-loft-description',
} as const satisfies Record<keyof EventMarks, string>;

/** What makes a VEVENT a series. */
const SERIES_PROPERTIES = ['rrule', 'rdate', 'exrule', 'exdate'];

/** The iCalendar text of a new event. Its UID is its id, so that an app that moves it to another calendar keeps the id. */
export function newObject(eventId: string, draft: EventDraft, now: Instant): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Loft//CalDAV example//EN');
  const event = new ICAL.Component('vevent');
  calendar.addSubcomponent(event);
  event.addPropertyWithValue('uid', eventId);
  setTime(event, 'created', now);
  write(event, draft, now);
  return calendar.toString();
}

/** The iCalendar text with the changes of a patch; everything else stays as it is. */
export function changedObject(text: string, patch: EventPatch, now: Instant): string {
  const calendar = ICAL.Component.fromString(text);
  const events = calendar.getAllSubcomponents('vevent');
  const event = masterOf(events);
  if (!event) throw new Error('the object contains no event');
  if (patch.single) {
    for (const other of events) if (other !== event) calendar.removeSubcomponent(other);
    for (const name of [...SERIES_PROPERTIES, 'recurrence-id']) event.removeAllProperties(name);
  }
  write(event, patch, now);
  return calendar.toString();
}

/** The event of an object. null: the object contains no event. Times without a zone are times of `zone`. */
export function eventOf(
  { eventId, etag, updatedAt, text }: StoredObject,
  calendarId: string,
  zone: string,
  timeZones: TimeZones,
): CalendarEvent | null {
  const events = ICAL.Component.fromString(text).getAllSubcomponents('vevent');
  const event = masterOf(events);
  if (!event) return null;
  const shape = shapeOf(event, events.length);
  const start = shape === 'timed' ? instantOf(event, 'dtstart', zone, timeZones) : null;
  return {
    calendarId,
    eventId,
    etag,
    createdAt: instantOf(event, 'created', zone, timeZones),
    updatedAt,
    state: 'live',
    shape,
    start,
    end: start === null ? null : (instantOf(event, 'dtend', zone, timeZones) ?? endOf(event, zone, timeZones)),
    startOffsetMinutes: null,
    title: textOf(event, 'summary'),
    description: textOf(event, 'description'),
    free: textOf(event, 'transp').toUpperCase() === 'TRANSPARENT',
    eventType: null,
    creatorEmail: null,
    creatorSelf: null,
    htmlLink: null,
    marks: marksOf(event),
  };
}

/** The event itself: the others of the object are changed occurrences of a series. */
function masterOf(events: readonly ICAL.Component[]): ICAL.Component | undefined {
  return events.find((event) => !event.hasProperty('recurrence-id')) ?? events[0];
}

function shapeOf(event: ICAL.Component, count: number): EventShape {
  const repeats = SERIES_PROPERTIES.some((name) => event.hasProperty(name));
  if (repeats || count > 1 || event.hasProperty('recurrence-id')) return 'recurring';
  const start = event.getFirstPropertyValue('dtstart');
  return start instanceof ICAL.Time && start.isDate ? 'all-day' : 'timed';
}

function write(event: ICAL.Component, fields: EventPatch, now: Instant): void {
  const { start, end, title, description, free, appointmentId, bay, write: writeId } = fields;
  if (end !== undefined) event.removeAllProperties('duration');
  if (start !== undefined) setTime(event, 'dtstart', start);
  if (end !== undefined) setTime(event, 'dtend', end);
  setText(event, 'summary', title, TITLE_LIMIT);
  setText(event, 'description', description, DESCRIPTION_LIMIT);
  if (free !== undefined) event.updatePropertyWithValue('transp', free ? 'TRANSPARENT' : 'OPAQUE');
  setMarks(event, { appointmentId, bay, write: writeId, managed: 'true' });
  setMarks(event, { titleDigest: fields.titleDigest, descriptionDigest: fields.descriptionDigest });
  setTime(event, 'dtstamp', now);
  setTime(event, 'last-modified', now);
}

/** An instant in UTC: no zone has to be described. */
function setTime(event: ICAL.Component, name: string, at: Instant): void {
  event.removeAllProperties(name);
  event.addPropertyWithValue(name, ICAL.Time.fromJSDate(new Date(at), true));
}

function setText(event: ICAL.Component, name: string, text: string | undefined, limit: number): void {
  if (text === undefined) return;
  event.removeAllProperties(name);
  const plain = cutText(plainText(text), limit);
  if (plain !== '') event.addPropertyWithValue(name, plain);
}

/** Values are URL-encoded: no server and no app changes such a text. Marks that are not given keep their value. */
function setMarks(event: ICAL.Component, marks: { readonly [K in keyof EventMarks]?: string | undefined }): void {
  for (const [mark, name] of Object.entries(MARK_PROPERTIES)) {
    const value = marks[mark as keyof EventMarks];
    if (value !== undefined) event.updatePropertyWithValue(name, encodeURIComponent(plainText(value)));
  }
}

function marksOf(event: ICAL.Component): EventMarks {
  const mark = (name: string): string | null => decoded(textOf(event, name)) || null;
  const { managed, ...texts } = MARK_PROPERTIES;
  const values = Object.fromEntries(Object.entries(texts).map(([key, name]) => [key, mark(name)]));
  return { ...NO_MARKS, ...values, managed: mark(managed) === 'true' };
}

/** A value that is not URL-encoded was changed by another program, and is kept as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textOf(event: ICAL.Component, name: string): string {
  const value = event.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

/**
 * The end of an event by its duration; without one it takes no time (RFC 5545, 3.6.1). Weeks and days are days of the calendar,
 * of 23 to 25 hours when clocks change; hours, minutes and seconds are exact (3.3.6).
 */
function endOf(event: ICAL.Component, zone: string, timeZones: TimeZones): Instant | null {
  const duration = event.getFirstPropertyValue('duration');
  if (!(duration instanceof ICAL.Duration)) return instantOf(event, 'dtstart', zone, timeZones);
  const { weeks, days, hours, minutes, seconds } = duration;
  const day = instantOf(event, 'dtstart', zone, timeZones, 7 * weeks + days);
  return day === null ? null : day + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * The instant of a time. A zone with an IANA name is read by its rules, because ical.js reads times that a clock change skips
 * or repeats with the wrong offset; any other zone as the object describes it. Some programs write a slash before such a name.
 *
 * @param days days of the calendar to add
 */
function instantOf(event: ICAL.Component, name: string, zone: string, timeZones: TimeZones, days = 0): Instant | null {
  const value = event.getFirstPropertyValue(name);
  if (!(value instanceof ICAL.Time) || value.isDate) return null;
  const time = value.clone();
  time.adjust(days, 0, 0, 0);
  if (time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime() * 1000;
  const named = (event.getFirstProperty(name)?.getFirstParameter('tzid') ?? '').replace(/^\//, '');
  const isNamed = timeZones.isZone(named);
  if (!isNamed && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
  const { year, month, day, hour, minute, second } = time;
  return fromWallTime({ year, month, day, hour, minute, second, millisecond: 0 }, isNamed ? named : zone, timeZones);
}
