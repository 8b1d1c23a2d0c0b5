import { Err, fromWallTime, isTimeZone, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';

const ID = /^[0-9a-v]{5,1024}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

const KEY_LIMIT = 44;
const VALUE_LIMIT = 1024;
const COUNT_LIMIT = 300;
const SIZE_LIMIT = 32 * 1024;

/** Fields a client may send that are Google's to set: they are ignored, as Google ignores them. */
const READ_ONLY = ['id', 'etag', 'kind', 'status', 'created', 'updated', 'htmlLink', 'creator', 'organizer', 'iCalUID'];

export function isEventId(id: string): boolean {
  return ID.test(id);
}

/** The instant of a `start` or `end`, an all-day one taken at midnight UTC; null when it is none. */
export function instantOf(time: JsonValue | undefined): Instant | null {
  if (!isObject(time)) return null;
  const date = textOf(time['date']);
  if (date !== null) return DATE.test(date) ? Date.parse(date) : null;
  const text = textOf(time['dateTime']);
  const match = text === null ? null : DATE_TIME.exec(text);
  if (text === null || !match) return null;
  if (match[7] !== undefined) return Date.parse(text);
  const zone = textOf(time['timeZone']);
  if (zone === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  return fromWallTime({ year, month, day, hour, minute, second, millisecond: 0 }, zone);
}

function checkTime(name: 'start' | 'end', time: JsonValue | undefined): ApiError | null {
  if (!isObject(time)) return apiErrors.required(`Missing ${name} time.`);
  const { date, dateTime, timeZone } = time;
  if ((date === undefined) === (dateTime === undefined)) return apiErrors.invalid(`Invalid ${name} time.`);
  if (timeZone !== undefined && !isTimeZone(textOf(timeZone) ?? '')) {
    return apiErrors.invalid(`Invalid time zone definition for ${name} time.`);
  }
  const instant = instantOf(time);
  return instant === null || Number.isNaN(instant) ? apiErrors.invalid(`Invalid ${name} time.`) : null;
}

function checkTimes({ start, end }: JsonObject): ApiError | null {
  const problem = checkTime('start', start) ?? checkTime('end', end);
  if (problem) return problem;
  if (isObject(start) && isObject(end) && 'date' in start !== 'date' in end) {
    return apiErrors.invalid('Start and end times must either both be date or both be dateTime.');
  }
  return (instantOf(end) ?? 0) < (instantOf(start) ?? 0) ? apiErrors.timeRangeEmpty() : null;
}

/** Keys that are too long are dropped, values that are too long are cut, and nobody is told. */
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

/** Checks and tidies the fields of an event as a client would have them: Google's rules for what may be stored. */
export function acceptFields(wanted: JsonObject): Result<JsonObject, ApiError> {
  const fields: Record<string, JsonValue | undefined> = { ...wanted };
  for (const name of READ_ONLY) delete fields[name];
  const problem = checkTimes(fields);
  if (problem) return Err(problem);
  for (const name of ['summary', 'description']) {
    const text = textOf(fields[name])?.trim();
    if (text) fields[name] = text;
    else delete fields[name];
  }
  const extended = fields['extendedProperties'];
  if (isObject(extended)) {
    const kept: Record<string, JsonObject> = {};
    for (const [scope, properties] of Object.entries(extended)) {
      if (!isObject(properties)) continue;
      const tooMuch = checkProperties(properties);
      if (tooMuch) return Err(tooMuch);
      kept[scope] = trimProperties(properties);
    }
    fields['extendedProperties'] = kept;
  }
  return Ok(fields);
}
