import { Err, Ok, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { checkTimes } from './event-times.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';
import { isRecurrence } from './series.js';

const ID = /^[0-9a-v]{5,1024}$/;

const KEY_LIMIT = 44;
const VALUE_LIMIT = 1024;
const COUNT_LIMIT = 300;
const SIZE_LIMIT = 32 * 1024;

/** Fields that a client may set. Google ignores every other field of a body, known or not. */
export const WRITABLE_FIELDS: ReadonlySet<string> = new Set([
  'anyoneCanAddSelf',
  'attendees',
  'attendeesOmitted',
  'birthdayProperties',
  'colorId',
  'description',
  'end',
  'eventType',
  'extendedProperties',
  'focusTimeProperties',
  'gadget',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
  'location',
  'outOfOfficeProperties',
  'recurrence',
  'reminders',
  'source',
  'start',
  'summary',
  'transparency',
  'visibility',
  'workingLocationProperties',
]);

/** Fields of the API that are not stored as fields. */
const KEPT_APART: readonly string[] =
  'id etag kind status created updated htmlLink creator organizer iCalUID sequence'.split(' ');

/** Values that a field may have; the first one is not stored, since Google does not show it. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  transparency: ['opaque', 'transparent'],
  visibility: ['default', 'public', 'private', 'confidential'],
  eventType: ['default', 'birthday', 'focusTime', 'fromGmail', 'outOfOffice', 'workingLocation'],
};

/** Is it an id that a client may choose? */
export function isEventId(id: string): boolean {
  return ID.test(id);
}

/** The fields of a request's body that a client may set. */
export function writableFields(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => WRITABLE_FIELDS.has(name)));
}

/** The type of an event by its fields. */
export function eventTypeOf(fields: JsonObject): string {
  return textOf(fields['eventType']) ?? 'default';
}

/** Keys that are too long are dropped and values that are too long are cut, without an error. */
function trimProperties(properties: JsonObject): JsonObject {
  const kept = Object.entries(properties)
    .filter(([key]) => key.length <= KEY_LIMIT)
    .map(([key, value]): [string, string] => [key, (textOf(value) ?? '').slice(0, VALUE_LIMIT)]);
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function checkProperties(properties: JsonObject): ApiError | null {
  const entries = Object.entries(properties);
  const size = entries.reduce((sum, [key, value]) => sum + key.length + (textOf(value) ?? '').length, 0);
  const tooMuch = entries.length > COUNT_LIMIT || size > SIZE_LIMIT;
  return tooMuch ? apiErrors.invalid('Too many or too large extended properties.') : null;
}

function acceptProperties(extended: JsonValue | undefined): Result<JsonObject, ApiError> {
  const kept: Record<string, JsonObject> = {};
  for (const [scope, properties] of Object.entries(isObject(extended) ? extended : {})) {
    if (!isObject(properties)) continue;
    const tooMuch = checkProperties(properties);
    if (tooMuch) return Err(tooMuch);
    if (Object.keys(properties).length > 0) kept[scope] = trimProperties(properties);
  }
  return Ok(kept);
}

function checkValues(fields: JsonObject): ApiError | null {
  for (const [name, values] of Object.entries(VALUES)) {
    const value = fields[name];
    if (value !== undefined && !values.includes(textOf(value) ?? '')) {
      return apiErrors.invalid(`Invalid value for: ${JSON.stringify(value)} is not a valid value of ${name}`);
    }
  }
  const { recurrence } = fields;
  if (recurrence === undefined || (Array.isArray(recurrence) && recurrence.length === 0)) return null;
  return isRecurrence(recurrence, fields['start']) ? null : apiErrors.invalid('Invalid recurrence rule.');
}

/** Checks and normalises the fields of an event by Google's rules. */
export function acceptFields(wanted: JsonObject): Result<JsonObject, ApiError> {
  const fields: Record<string, JsonValue | undefined> = { ...wanted };
  for (const name of KEPT_APART) delete fields[name];
  const problem = checkTimes(fields) ?? checkValues(fields);
  if (problem) return Err(problem);
  for (const name of ['summary', 'description']) {
    const text = textOf(fields[name])?.trim();
    if (text) fields[name] = text;
    else delete fields[name];
  }
  for (const [name, [shownAsNothing]] of Object.entries(VALUES)) {
    if (fields[name] === shownAsNothing) delete fields[name];
  }
  if (Array.isArray(fields['recurrence']) && fields['recurrence'].length === 0) delete fields['recurrence'];
  return acceptProperties(fields['extendedProperties']).map((properties) => {
    if (Object.keys(properties).length > 0) fields['extendedProperties'] = properties;
    else delete fields['extendedProperties'];
    return fields;
  });
}
