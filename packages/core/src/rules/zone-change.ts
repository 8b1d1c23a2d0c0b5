import { HOUR, MINUTE, type Instant } from '../domain/instant.js';
import { toWallTime } from '../domain/zoned-time.js';
import type { TimeZones } from '../ports/time-zones.js';

/** A booking whose start differs from its mirrored start. */
export interface MovedStart {
  readonly from: Instant;
  readonly to: Instant;
}

/** Maximum change of an offset by law. */
const LARGEST_CHANGE_MS: number = 3 * HOUR;
/** Offsets are multiples of this. */
const OFFSET_STEP_MS: number = 15 * MINUTE;

/**
 * Explains a mass move of bookings by new rules of the studio's zone: the wall times are unchanged, so all starts move by
 * the same length, the change of the offset. Nothing has to be stored for that: the map still contains the start by the old
 * offset. Used by the guard of mass moves (docs/decision-table.md#guards).
 *
 * @returns a sentence such as `the offset of America/Vancouver changed from −8 to −7 from 2026-12-10 on`; null if the
 * bookings do not move alike, or by a length that no offset change has
 */
export function zoneChangeText(moved: readonly MovedStart[], zone: string, timeZones: TimeZones): string | null {
  const [first, ...rest] = moved.toSorted((a, b) => a.to - b.to);
  if (!first) return null;
  const shift = first.to - first.from;
  const isOffset = shift !== 0 && Math.abs(shift) <= LARGEST_CHANGE_MS && shift % OFFSET_STEP_MS === 0;
  if (!isOffset || rest.some(({ from, to }) => to - from !== shift)) return null;
  const offset = timeZones.offsetAt(first.to, zone);
  const { year, month, day } = toWallTime(first.to, zone, timeZones);
  const date = [String(year), pad(month), pad(day)].join('-');
  return (
    `the offset of ${zone} changed from ${hoursText(offset + shift)} to ${hoursText(offset)} from ${date} on, ` +
    `if the bookings themselves were not moved; the time zone rules are now ${timeZones.version ?? 'of an unknown version'}`
  );
}

/** `−8`, `+5:45` */
function hoursText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const rest = minutes % 60;
  return `${offset < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${pad(rest)}`}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
