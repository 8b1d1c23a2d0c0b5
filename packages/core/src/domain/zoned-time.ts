import type { TimeZones } from '../ports/time-zones.js';
import { DAY, type Instant } from './instant.js';
import { wallAsUtc, wallOfUtc, type WallTime } from './wall-time.js';

/** Which of the two instants is meant by a wall time that exists twice, since clocks were put back. */
export type Overlap = 'earlier' | 'later';

/** What the zone's clocks show at an instant. */
export function toWallTime(instant: Instant, zone: string, timeZones: TimeZones): WallTime {
  return wallOfUtc(instant + timeZones.offsetAt(instant, zone));
}

/**
 * The instant at which the zone's clocks show a wall time.
 *
 * Rule for the two hard cases, the one of RFC 5545 and of Temporal's `compatible`: a time that exists twice
 * (clocks go back) is the earlier one, unless the later one is asked for; a time that does not exist (clocks go
 * forward) is taken with the offset from before the gap, so 02:30 becomes 03:30.
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
 * Can a wall time without an offset name this instant? Not the second of two equal hours: such a wall time is read as
 * the first (docs/decision-table.md#row-20).
 */
export function isNamedByWallTime(instant: Instant, zone: string, timeZones: TimeZones): boolean {
  return fromWallTime(toWallTime(instant, zone, timeZones), zone, timeZones) === instant;
}

/**
 * First instant of the local day that holds `instant`, moved by whole local days. Where a zone skips midnight, that
 * is the first time that exists.
 */
export function startOfDay(instant: Instant, zone: string, timeZones: TimeZones, addDays = 0): Instant {
  const { year, month, day } = toWallTime(instant, zone, timeZones);
  const midnight = wallOfUtc(Date.UTC(year, month - 1, day + addDays));
  return timeZones.instantsOf(midnight, zone)[0] ?? endOfGap(wallAsUtc(midnight), zone, timeZones);
}

/** The instant at which clocks leap over a wall time that does not exist. */
function endOfGap(utc: number, zone: string, timeZones: TimeZones): Instant {
  const before = timeZones.offsetAt(utc - DAY, zone);
  let earlier = utc - timeZones.offsetAt(utc + DAY, zone);
  let later = utc - before;
  // `earlier` still has the offset from before the gap, `later` the one from after it.
  while (later - earlier > 1) {
    const middle = Math.floor((earlier + later) / 2);
    if (timeZones.offsetAt(middle, zone) === before) earlier = middle;
    else later = middle;
  }
  return later;
}
