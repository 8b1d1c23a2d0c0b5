import { HOUR, type Instant, MINUTE, SECOND, type TimeZones } from '@loft/sync-core';
import { fromWallTime, type Overlap, toWallTime, wallAsUtc, type WallTime } from '@loft/sync-core/adapters';

/** Date, hour and minute are at fixed places. Groups: seconds, their fraction, the offset. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Maximum offset from UTC of any zone. */
const LARGEST_OFFSET_MS: number = 14 * HOUR;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2099;

/**
 * Reads `StartTime`, `EndTime` and `CreatedDate`: wall time of the zone, with or without fractions of a second; an
 * explicit offset or `Z` is used (docs/uschedule.md#time). `24:00:00` is the end of that day.
 *
 * @returns null for anything else, also for a date or an offset that does not exist, and for the years that mean "not set"
 *   (`0001-01-01T00:00:00`, `9999-12-31T23:59:59`): before 1970 and after 2099
 */
export function parseTime(
  value: unknown,
  zone: string,
  timeZones: TimeZones,
  overlap: Overlap = 'earlier',
): Instant | null {
  const read = readTime(value);
  if (!read) return null;
  return read.offsetMs === null
    ? fromWallTime(read.wall, zone, timeZones, overlap)
    : wallAsUtc(read.wall) - read.offsetMs;
}

/** The wall time of a text without an offset, in milliseconds as if it were UTC; null for anything else. */
export function parseWallTime(value: unknown): number | null {
  const read = readTime(value);
  return read?.offsetMs === null ? wallAsUtc(read.wall) : null;
}

/** A time as a text has it; `offsetMs` null: the text has no offset. */
interface TimeInText {
  readonly wall: WallTime;
  readonly offsetMs: number | null;
}

function readTime(value: unknown): TimeInText | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const match = TIME.exec(text);
  if (!match) return null;
  const [, second, fraction, offset] = match;
  const wall: WallTime = {
    year: twoDigits(text, 0) * 100 + twoDigits(text, 2),
    month: twoDigits(text, 5),
    day: twoDigits(text, 8),
    hour: twoDigits(text, 11),
    minute: twoDigits(text, 14),
    second: second === undefined ? 0 : Number(second),
    millisecond: fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  if (!exists(wall)) return null;
  if (offset === undefined) return { wall, offsetMs: null };
  const offsetMs = readOffset(offset);
  return offsetMs === null ? null : { wall, offsetMs };
}

/** A poll reads three times of every record: the codes of the digits make no texts. */
function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

const ZERO: number = '0'.charCodeAt(0);

/** @returns null for an offset that no zone has */
function readOffset(offset: string): number | null {
  if (offset.length === 1) return 0;
  const minutes = Number(offset.slice(-2));
  const ms = (Number(offset.slice(1, 3)) * 60 + minutes) * MINUTE;
  if (ms > LARGEST_OFFSET_MS || minutes > 59) return null;
  return offset.startsWith('-') ? -ms : ms;
}

/** Removes fractions of a second: the same booking is sent with and without them. */
export function wholeSecond(instant: Instant | null): Instant | null {
  return instant === null ? null : Math.floor(instant / SECOND) * SECOND;
}

/** `2026-05-09T13:30:00`: the wall time that USchedule takes. */
export function wallTimeText(instant: Instant, zone: string, timeZones: TimeZones): string {
  const { year, month, day, hour, minute, second } = toWallTime(instant, zone, timeZones);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

/** `2026-05-09T00:00:00`: the local day that holds an instant. */
export function dayText(instant: Instant, zone: string, timeZones: TimeZones): string {
  return `${wallTimeText(instant, zone, timeZones).slice(0, 10)}T00:00:00`;
}

/** `05/09/2026`: the local day that holds an instant, as the list of appointments takes it. */
export function slashedDayText(instant: Instant, zone: string, timeZones: TimeZones): string {
  const { year, month, day } = toWallTime(instant, zone, timeZones);
  return `${pad(month)}/${pad(day)}/${pad(year, 4)}`;
}

function exists({ year, month, day, hour, minute, second, millisecond }: WallTime): boolean {
  // ISO 8601 writes the end of a day as 24:00.
  const isDayEnd = hour === 24 && minute === 0 && second === 0 && millisecond === 0;
  if (year < FIRST_YEAR || year > LAST_YEAR || (hour > 23 && !isDayEnd) || minute > 59 || second > 59) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  // Every month has 28 days.
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
