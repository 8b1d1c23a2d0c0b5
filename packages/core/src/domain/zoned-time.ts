import { DAY, type Instant } from './instant.js';

/**
 * Wall time of a named zone, as year, month (1 to 12) … millisecond. `Intl` holds the zone data; this file is the
 * only one that asks it.
 */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Is it an IANA zone that this runtime knows? */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Which of the two instants is meant by a wall time that exists twice, since clocks were put back. */
export type Overlap = 'earlier' | 'later';

/** The wall time as if it were UTC, in milliseconds: a number to calculate with, not an instant. */
function asUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
}

/** Offsets at the beginnings of UTC days, by zone: `Intl` takes its time, and everything asks for the same few days. */
const dayOffsets = new Map<string, Map<number, number>>();
/** So many days of a zone are kept in mind. */
const MOST_DAYS = 5000;

function offsetAtDay(day: number, zone: string): number {
  const offsets = dayOffsets.get(zone) ?? new Map<number, number>();
  const known = offsets.get(day);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_DAYS) offsets.clear();
  const offset = exactOffsetAt(day * DAY, zone);
  dayOffsets.set(zone, offsets.set(day, offset));
  return offset;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: Instant, zone: string): number {
  const day = Math.floor(instant / DAY);
  const atFirst = offsetAtDay(day, zone);
  return offsetAtDay(day + 1, zone) === atFirst ? atFirst : exactOffsetAt(instant, zone);
}

function exactOffsetAt(instant: Instant, zone: string): number {
  const fields: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(instant)) {
    if (part.type !== 'literal' && part.type !== 'era') fields[part.type] = Number(part.value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
  const wholeSecond = Math.floor(instant / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
}

/** What the zone's clocks show at an instant. */
export function toWallTime(instant: Instant, zone: string): WallTime {
  const date = new Date(instant + offsetAt(instant, zone));
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

/**
 * The instant at which the zone's clocks show a wall time.
 *
 * Rule for the two hard cases, the one of RFC 5545 and of Temporal's `compatible`: a time that exists twice
 * (clocks go back) is the earlier one, unless the later one is asked for; a time that does not exist (clocks go
 * forward) is taken with the offset from before the gap, so 02:30 becomes 03:30.
 */
export function fromWallTime(wall: WallTime, zone: string, overlap: Overlap = 'earlier'): Instant {
  const utc = asUtc(wall);
  const { before, after } = offsetsAround(utc, zone);
  const candidates = [utc - before, utc - after].filter((instant) => instant + offsetAt(instant, zone) === utc);
  if (candidates.length === 0) return utc - before;
  return overlap === 'earlier' ? Math.min(...candidates) : Math.max(...candidates);
}

/** No zone changes its offset twice within two days, so the offsets a day either side are those around any change. */
function offsetsAround(utc: number, zone: string): { readonly before: number; readonly after: number } {
  return { before: offsetAt(utc - DAY, zone), after: offsetAt(utc + DAY, zone) };
}

/**
 * First instant of the local day that holds `instant`, moved by whole local days. Where a zone skips midnight, that
 * is the first time that exists.
 */
export function startOfDay(instant: Instant, zone: string, addDays = 0): Instant {
  const { year, month, day } = toWallTime(instant, zone);
  const utc = Date.UTC(year, month - 1, day + addDays);
  const midnight = fromWallTime(toWallTime(utc, 'UTC'), zone);
  return midnight + offsetAt(midnight, zone) === utc ? midnight : endOfGap(utc, zone);
}

/** The instant at which clocks leap over a wall time that does not exist. */
function endOfGap(utc: number, zone: string): Instant {
  const { before, after } = offsetsAround(utc, zone);
  let earlier = utc - after;
  let later = utc - before;
  // `earlier` still has the offset from before the gap, `later` the one from after it.
  while (later - earlier > 1) {
    const middle = Math.floor((earlier + later) / 2);
    if (offsetAt(middle, zone) === before) earlier = middle;
    else later = middle;
  }
  return later;
}
