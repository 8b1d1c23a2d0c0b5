import { DAY, type Instant } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { isObject, textOf, type JsonObject, type JsonValue } from './json.js';
import { instantOfWall, RUNTIME_ZONES } from './zone-times.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** The instant of a `start` or `end`; of an all-day event at midnight UTC. @returns null if it is not a time */
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
  return instantOfWall({ year, month, day, hour, minute, second }, zone);
}

/** The instant of a query parameter, which must have an offset. @returns null if it is not a time */
export function instantOfParameter(text: string): Instant | null {
  const match = DATE_TIME.exec(text);
  const instant = match?.[7] === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** The period of an event in instants. An all-day event is read in days of UTC. */
export function spanOf({ start, end }: JsonObject): { readonly start: Instant; readonly end: Instant } {
  const from = instantOf(start) ?? 0;
  return { start: from, end: instantOf(end) ?? from + DAY };
}

function checkTime(name: 'start' | 'end', time: JsonValue | undefined): ApiError | null {
  if (!isObject(time)) return apiErrors.required(`Missing ${name} time.`);
  const { date, dateTime, timeZone } = time;
  if ((date === undefined) === (dateTime === undefined)) return apiErrors.invalid(`Invalid ${name} time.`);
  if (timeZone !== undefined && !RUNTIME_ZONES.isZone(textOf(timeZone) ?? '')) {
    return apiErrors.invalid(`Invalid time zone definition for ${name} time.`);
  }
  const instant = instantOf(time);
  return instant === null || Number.isNaN(instant) ? apiErrors.invalid(`Invalid ${name} time.`) : null;
}

/** @returns the fault of an event's times; null if they are valid */
export function checkTimes({ start, end }: JsonObject): ApiError | null {
  const problem = checkTime('start', start) ?? checkTime('end', end);
  if (problem) return problem;
  if (isObject(start) && isObject(end) && 'date' in start !== 'date' in end) {
    return apiErrors.invalid('Start and end times must either both be date or both be dateTime.');
  }
  return (instantOf(end) ?? 0) < (instantOf(start) ?? 0) ? apiErrors.timeRangeEmpty() : null;
}
