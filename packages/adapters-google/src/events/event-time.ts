import { MINUTE, type Instant, type TimeZones } from '@loft/sync-core';
import { fromWallTime, wallOfUtc } from '@loft/sync-core/adapters';

/** A date and time without an offset, as RFC 3339 writes it. */
const WALL = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?$/;
const OFFSET = /(?:[Zz]|[+-]\d{2}:?\d{2})$/;

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

/** Formats an instant as RFC 3339 with the zone's offset, or as UTC if the offset has seconds, which RFC 3339 lacks. */
export function formatDateTime(instant: Instant, zone: string, timeZones: TimeZones): string {
  const offset = timeZones.offsetAt(instant, zone);
  if (offset % MINUTE !== 0) return new Date(instant).toISOString();
  const wall = wallOfUtc(instant + offset);
  const date = `${pad(wall.year, 4)}-${pad(wall.month)}-${pad(wall.day)}`;
  const fraction = wall.millisecond === 0 ? '' : `.${pad(wall.millisecond, 3)}`;
  const time = `${pad(wall.hour)}:${pad(wall.minute)}:${pad(wall.second)}${fraction}`;
  const minutes = Math.abs(offset) / MINUTE;
  const sign = offset < 0 ? '-' : '+';
  return `${date}T${time}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Reads an RFC 3339 text. A text without an offset is wall time of `zone`. @returns null if the text is not a time */
export function parseDateTime(text: string, zone: string, timeZones: TimeZones): Instant | null {
  if (OFFSET.test(text)) {
    const instant = Date.parse(text);
    return Number.isNaN(instant) ? null : instant;
  }
  const match = WALL.exec(text);
  if (!match) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const millisecond = Number((match[7] ?? '').padEnd(3, '0'));
  return fromWallTime({ year, month, day, hour, minute, second, millisecond }, zone, timeZones);
}

/** Reads the offset of an RFC 3339 text in minutes; `Z`, which Google writes for +00:00, is 0. @returns null if the text has none */
export function offsetMinutesOf(text: string): number | null {
  if (/T.*[Zz]$/.test(text)) return 0;
  const match = /([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
