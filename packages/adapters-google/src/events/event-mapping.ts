import { intlTimeZones, type CalendarEvent, type Instant, type TimeZones } from '@loft/sync-core';
import {
  cutText,
  DESCRIPTION_LIMIT,
  plainText,
  TITLE_LIMIT,
  type EventDraft,
  type EventMarks,
  type EventPatch,
  type EventShape,
  type WrittenMarks,
} from '@loft/sync-core/adapters';
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { formatDateTime, offsetMinutesOf, parseDateTime } from './event-time.js';

/** Answers and writes have their offset in the text, so outdated zone data do no harm here. */
const INTL = intlTimeZones();

type GoogleEvent = calendar_v3.Schema$Event;
type GoogleTime = calendar_v3.Schema$EventDateTime;

/** Value of the source marker (docs/decision-table.md#echoes-and-loops): all our writes come from the bookings. */
const SOURCE = 'USCHEDULE';

/** The properties every write stamps (docs/decision-table.md#echoes-and-loops). */
function stamp(
  marks: WrittenMarks & { readonly appointmentId: string; readonly bay: string },
): NonNullable<GoogleEvent['extendedProperties']> {
  const { appointmentId, bay, write, titleDigest, descriptionDigest } = marks;
  return {
    private: {
      uscheduleAppointmentId: appointmentId,
      loftSyncManaged: 'true',
      bay,
      loftSyncSource: SOURCE,
      ...(write === undefined ? {} : { loftSyncWrite: write }),
      ...(titleDigest === undefined ? {} : { loftSyncTitle: titleDigest }),
      ...(descriptionDigest === undefined ? {} : { loftSyncDescription: descriptionDigest }),
    },
  };
}

function marksOf(event: GoogleEvent): EventMarks {
  const properties = event.extendedProperties?.private;
  const mark = (name: string): string | null => textOf(properties?.[name]) || null;
  return {
    appointmentId: mark('uscheduleAppointmentId'),
    managed: mark('loftSyncManaged') === 'true',
    bay: mark('bay'),
    write: mark('loftSyncWrite'),
    titleDigest: mark('loftSyncTitle'),
    descriptionDigest: mark('loftSyncDescription'),
  };
}

/** Makes a text acceptable: removes characters that cannot be sent, and cuts a long text. */
function fitText(text: string, limit: number): string {
  return cutText(plainText(text), limit);
}

function transparencyOf(free: boolean): string {
  return free ? 'transparent' : 'opaque';
}

/** The body of an insert. */
export function toInsertBody(
  eventId: string,
  draft: EventDraft,
  zone: string,
  timeZones: TimeZones = INTL,
): GoogleEvent {
  return {
    id: eventId,
    summary: fitText(draft.title, TITLE_LIMIT),
    description: fitText(draft.description, DESCRIPTION_LIMIT),
    start: { dateTime: formatDateTime(draft.start, zone, timeZones), timeZone: zone },
    end: { dateTime: formatDateTime(draft.end, zone, timeZones), timeZone: zone },
    transparency: transparencyOf(draft.free),
    extendedProperties: stamp(draft),
  };
}

/** `date: null` turns an all-day event into a timed one: a patch merges, and an event may not have both. */
function patchedTime(instant: Instant, zone: string, timeZones: TimeZones): GoogleTime {
  return { dateTime: formatDateTime(instant, zone, timeZones), timeZone: zone, date: null };
}

/** The body of a patch: the fields that are present, and the stamp. */
export function toPatchBody(patch: EventPatch, zone: string, timeZones: TimeZones = INTL): GoogleEvent {
  const body: GoogleEvent = { extendedProperties: stamp(patch) };
  if (patch.title !== undefined) body.summary = fitText(patch.title, TITLE_LIMIT);
  if (patch.description !== undefined) body.description = fitText(patch.description, DESCRIPTION_LIMIT);
  if (patch.start !== undefined) body.start = patchedTime(patch.start, zone, timeZones);
  if (patch.end !== undefined) body.end = patchedTime(patch.end, zone, timeZones);
  if (patch.free !== undefined) body.transparency = transparencyOf(patch.free);
  if (patch.revive) body.status = 'confirmed';
  if (patch.single) body.recurrence = null;
  return body;
}

function shapeOf(event: GoogleEvent): EventShape {
  if ((event.recurrence?.length ?? 0) > 0 || event.recurringEventId) return 'recurring';
  return event.start?.date || event.end?.date ? 'all-day' : 'timed';
}

function instantOf(time: GoogleTime | undefined, zone: string, timeZones: TimeZones): Instant | null {
  if (typeof time?.dateTime !== 'string') return null;
  const named = time.timeZone && timeZones.isZone(time.timeZone) ? time.timeZone : zone;
  return parseDateTime(time.dateTime, named, timeZones);
}

/** Reads a field that should hold a string. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Reads an event of an answer. @returns null if the value is not an event: it has no id */
export function fromGoogleEvent(
  answer: unknown,
  calendarId: string,
  zone: string,
  timeZones: TimeZones = INTL,
): CalendarEvent | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const event: GoogleEvent = answer;
  if (typeof event.id !== 'string' || event.id === '') return null;
  const shape = shapeOf(event);
  const timed = shape === 'timed';
  const { creator } = event;
  return {
    calendarId,
    eventId: event.id,
    etag: textOf(event.etag),
    createdAt: parseDateTime(textOf(event.created), 'UTC', timeZones),
    updatedAt: parseDateTime(textOf(event.updated), 'UTC', timeZones),
    state: event.status === 'cancelled' ? 'gone' : 'live',
    shape,
    start: timed ? instantOf(event.start, zone, timeZones) : null,
    end: timed ? instantOf(event.end, zone, timeZones) : null,
    startOffsetMinutes: timed ? offsetMinutesOf(textOf(event.start?.dateTime)) : null,
    title: textOf(event.summary),
    description: textOf(event.description),
    free: event.transparency === 'transparent',
    eventType: textOf(event.eventType) || null,
    creatorEmail: textOf(creator?.email) || null,
    // A creator without `self` is not the calendar itself.
    creatorSelf: creator ? creator.self === true : null,
    htmlLink: textOf(event.htmlLink) || null,
    marks: marksOf(event),
  };
}
