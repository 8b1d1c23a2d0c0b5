import type { TimeZones } from '../ports/time-zones.js';
import { DAY, type Instant } from './instant.js';

/** Wall time of a named zone, as year, month (1 to 12) … millisecond. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** The wall time as if it were UTC, in milliseconds: only for calculations, not an instant. */
export function wallAsUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
}

/** The reverse of `wallAsUtc`. */
export function wallOfUtc(utc: number): WallTime {
  const date = new Date(utc);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Selects one of the two instants of a wall time that occurs twice because clocks were set back. */
export type Overlap = 'earlier' | 'later';

/** Returns the wall time of a zone at an instant. */
export function toWallTime(instant: Instant, zone: string, timeZones: TimeZones): WallTime {
  return wallOfUtc(instant + timeZones.offsetAt(instant, zone));
}

/**
 * Returns the instant of a wall time in a zone.
 *
 * The two special cases follow RFC 5545 and Temporal's `compatible`. A time that occurs twice (clocks set back) is the
 * earlier instant, unless the later one is requested. A time that does not exist (clocks set forward) is read with the
 * offset before the gap, so 02:30 becomes 03:30.
 */
export function fromWallTime(
  wall: WallTime,
  zone: string,
  timeZones: TimeZones,
  overlap: Overlap = 'earlier',
): Instant {
  const instants = timeZones.instantsOf(wall, zone);
  const instant = overlap === 'earlier' ? instants[0] : instants.at(-1);
  if (instant !== undefined) return instant;
  const utc = wallAsUtc(wall);
  return utc - timeZones.offsetAt(utc - DAY, zone);
}

/**
 * Can a wall time without an offset express this instant? The second of two equal hours cannot, because such a wall time is
 * read as the first (docs/decision-table.md#row-20).
 */
export function isNamedByWallTime(instant: Instant, zone: string, timeZones: TimeZones): boolean {
  return fromWallTime(toWallTime(instant, zone, timeZones), zone, timeZones) === instant;
}

/**
 * Returns the first instant of the local day that contains `instant`, shifted by whole local days. In a zone that skips
 * midnight this is the first existing time.
 */
export function startOfDay(instant: Instant, zone: string, timeZones: TimeZones, addDays = 0): Instant {
  const { year, month, day } = toWallTime(instant, zone, timeZones);
  const midnight = wallOfUtc(Date.UTC(year, month - 1, day + addDays));
  return timeZones.instantsOf(midnight, zone)[0] ?? endOfGap(wallAsUtc(midnight), zone, timeZones);
}

/** Returns the instant at which clocks skip a wall time that does not exist. */
function endOfGap(utc: number, zone: string, timeZones: TimeZones): Instant {
  const before = timeZones.offsetAt(utc - DAY, zone);
  let earlier = utc - timeZones.offsetAt(utc + DAY, zone);
  let later = utc - before;
  // `earlier` has the offset before the gap, `later` the offset after it.
  while (later - earlier > 1) {
    const middle = Math.floor((earlier + later) / 2);
    if (timeZones.offsetAt(middle, zone) === before) earlier = middle;
    else later = middle;
  }
  return later;
}
