import { intlTimeZones, MINUTE, type Instant, type TimeZones } from '@loft/sync-core';
import { fromWallTime, toWallTime, type WallTime } from '@loft/sync-core/adapters';

/** Zone data of this runtime, used without the option `zoneOffset`. */
export const RUNTIME_ZONES: TimeZones = intlTimeZones();

/** UTC offset of a zone at an instant, in minutes. */
export type ZoneOffset = (zone: string, at: Instant) => number;

/** Cache of offsets: they change on a quarter of an hour, and most events begin on one. */
const QUARTER_HOUR = 15 * MINUTE;
const MAX_CACHED = 50_000;

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** The offset by this runtime's zone data. */
export function createZoneOffset(): ZoneOffset {
  const cache = new Map<string, number>();
  return (zone, at) => {
    if (zone === 'UTC') return 0;
    const quarter = Math.floor(at / QUARTER_HOUR) * QUARTER_HOUR;
    const key = `${quarter} ${zone}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const minutes = Math.round(RUNTIME_ZONES.offsetAt(quarter, zone) / MINUTE);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, minutes);
    return minutes;
  };
}

/** RFC 3339 without a fraction, as Google writes a `dateTime`: `Z` for UTC, else the offset. */
export function formatOffsetTime(at: Instant, offsetMinutes: number): string {
  const local = new Date(at + offsetMinutes * MINUTE).toISOString().slice(0, 19);
  if (offsetMinutes === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** The wall time of an instant as iCalendar writes it: `20270120T110000`. */
export function icalWallTime(at: Instant, zone: string): string {
  const { year, month, day, hour, minute, second } = toWallTime(at, zone, RUNTIME_ZONES);
  return `${year}${pad(month)}${pad(day)}T${pad(hour)}${pad(minute)}${pad(second)}`;
}

/** The instant of a wall time. */
export function instantOfWall(wall: Omit<WallTime, 'millisecond'>, zone: string): Instant {
  return fromWallTime({ ...wall, millisecond: 0 }, zone, RUNTIME_ZONES);
}
