import { MINUTE, type Instant, type Period, type TimeZones } from '@loft/sync-core';
import { zonedFormatter } from './zoned-formatter.js';

/** A period in which two sources give a zone different offsets. */
export interface ZoneDisagreement extends Period {
  /** Offsets from UTC in milliseconds, of the first and of the second source. */
  readonly offsets: readonly [first: number, second: number];
}

/** Changes of clocks are at full quarters of an hour. */
const STEP_MS: number = 15 * MINUTE;

/** Finds the periods in which two sources disagree about a zone, in ascending order. */
export function zoneDisagreements(
  zone: string,
  { from, to }: Period,
  [first, second]: readonly [TimeZones, TimeZones],
): readonly ZoneDisagreement[] {
  const found: ZoneDisagreement[] = [];
  for (let at = Math.floor(from / STEP_MS) * STEP_MS; at < to; at += STEP_MS) {
    const offsets = [first.offsetAt(at, zone), second.offsetAt(at, zone)] as const;
    if (offsets[0] === offsets[1]) continue;
    const last = found.at(-1);
    const goesOn = last?.to === at && last.offsets[0] === offsets[0] && last.offsets[1] === offsets[1];
    if (goesOn) found[found.length - 1] = { ...last, to: at + STEP_MS };
    else found.push({ from: at, to: at + STEP_MS, offsets });
  }
  return found;
}

/** Finds the changes of a zone's offset within a period in one source. */
export function zoneChanges(zone: string, { from, to }: Period, timeZones: TimeZones): readonly Instant[] {
  const changes: Instant[] = [];
  let before = timeZones.offsetAt(from, zone);
  for (let at = Math.ceil(from / STEP_MS) * STEP_MS; at < to; at += STEP_MS) {
    const offset = timeZones.offsetAt(at, zone);
    if (offset !== before) changes.push(at);
    before = offset;
  }
  return changes;
}

/** `−08:00`, `+05:45` */
export function offsetText(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '−' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Formats local days, both included: `2026-11-29 to 2027-01-28`, or one date. */
export function daysText({ from, to }: Period, timeZone: string, timeZones: TimeZones): string {
  const date = zonedFormatter({ timeZone, timeZones }, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
  const [first, last] = [date(from), date(Math.max(from, to - 1))];
  return first === last ? first : `${first} to ${last}`;
}

/** Formats name and version of a source: `Intl of Node 22.11.0 (2026c)`. */
export function sourceText({ source, version }: TimeZones): string {
  return `${source} (${version ?? 'version not known'})`;
}
