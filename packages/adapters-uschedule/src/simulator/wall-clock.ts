import { type Instant, MINUTE, type TimeZones } from '@loft/sync-core';
import { fromWallTime, toWallTime, wallAsUtc, wallOfUtc } from '@loft/sync-core/adapters';
import type { TimeStyle } from './simulator-options.js';

/** Formats a time as the API does. */
export function writeTime(instant: Instant, zone: string, timeZones: TimeZones, style: TimeStyle): string {
  if (style === 'utc') return new Date(instant).toISOString();
  const wall = toWallTime(instant, zone, timeZones);
  const asUtc = wallAsUtc(wall);
  const iso = new Date(asUtc).toISOString();
  const text = wall.millisecond === 0 && style !== 'fractions' ? iso.slice(0, 19) : iso.slice(0, 23);
  return style === 'offset' ? `${text}${offset((asUtc - instant) / MINUTE)}` : text;
}

/** Reads a time in a request: wall time, or with an offset. @returns null if it is neither */
export function readTime(value: unknown, zone: string, timeZones: TimeZones): Instant | null {
  if (typeof value !== 'string') return null;
  if (/(Z|[+-]\d\d:\d\d)$/.test(value)) return finite(Date.parse(value));
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value) ? finite(Date.parse(`${value}Z`)) : null;
  return asUtc === null ? null : fromWallTime(wallOfUtc(asUtc), zone, timeZones);
}

/** Adds a length in wall time, because the studio calculates without zones. */
export function addWallTime(start: Instant, lengthMs: number, zone: string, timeZones: TimeZones): Instant {
  const wall = start + timeZones.offsetAt(start, zone) + lengthMs;
  return fromWallTime(wallOfUtc(wall), zone, timeZones);
}

/** Midnight of a local day written `MM/DD/YYYY`. */
export function readDay(value: unknown, zone: string, timeZones: TimeZones): Instant | null {
  const match = typeof value === 'string' ? /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(value) : null;
  return match ? readTime(`${match[3]}-${match[1]}-${match[2]}T00:00:00`, zone, timeZones) : null;
}

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null;
}

function offset(minutes: number): string {
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
