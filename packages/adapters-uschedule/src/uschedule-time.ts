import { HOUR, type Instant, MINUTE, SECOND, type TimeZones } from '@loft/sync-core';
import { fromWallTime, type Overlap, toWallTime, wallAsUtc, type WallTime } from '@loft/sync-core/adapters';

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/i;

/** Maximum offset from UTC of any zone. */
const LARGEST_OFFSET_MS: number = 14 * HOUR;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2099;

/**
 * Reads `StartTime`, `EndTime` and `CreatedDate`: wall time of the zone, with or without fractions of a second; an
 * explicit offset or `Z` is used (docs/uschedule.md#time).
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
  const match = TIME.exec(value.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', utc, sign, offsetHour, offsetMinute] = match;
  const wall: WallTime = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  if (!exists(wall)) return null;
  if (utc === undefined && sign === undefined) return { wall, offsetMs: null };
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * MINUTE;
  if (offset > LARGEST_OFFSET_MS || Number(offsetMinute ?? 0) > 59) return null;
  return { wall, offsetMs: sign === '-' ? -offset : offset };
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

function exists(wall: WallTime): boolean {
  const { year, month, day, hour, minute, second } = wall;
  if (year < FIRST_YEAR || year > LAST_YEAR || hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(wallAsUtc(wall));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
