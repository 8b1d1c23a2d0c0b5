import { DAY, Err, HOUR, MINUTE, Ok, type Instant, type Result } from '@loft/sync-core';
import { startOfDay } from '@loft/sync-core/adapters';
import type { TimePlace } from '@loft/sync-core/store';
import type { ActivityFilter } from '../journal/activity.js';
import { ACTIVITY_KINDS, isActivityKind } from '../journal/activity-kind.js';
import type { NamedZone } from '../time-zones/zoned-formatter.js';
import { dayNamed } from './day-named.js';

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY };

/**
 * Parses an instant: `2026-11-26` (the start of that day at the studio), `2026-11-26T09:30:00Z`, or a duration before
 * now: `90m`, `24h`, `7d`.
 *
 * @returns null if it is none of these
 */
export function instantNamed(text: string, now: Instant, zone: NamedZone): Instant | null {
  const ago = /^(?<count>\d{1,5})(?<unit>[mhd])$/.exec(text)?.groups;
  if (ago) return now - Number(ago['count']) * (UNITS[ago['unit'] ?? ''] ?? 0);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return dayNamed(text, now, zone);
  const instant = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}

/** A position in the activity, as written in an address. */
export function placeText({ at, id }: TimePlace): string {
  return `${at}~${id}`;
}

function placeFrom(text: string): TimePlace | null {
  const parts = /^(?<at>\d{1,16})~(?<id>.{0,80})$/.exec(text)?.groups;
  return parts ? { at: Number(parts['at']), id: parts['id'] ?? '' } : null;
}

/** The query parameters that select activity. */
export interface ActivityParameters {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** A local day, in place of `since` and `until`. */
  readonly day?: string | undefined;
  /** A local day on which the visit is, or was before the change. */
  readonly visit?: string | undefined;
  readonly bay?: string | undefined;
  /** One kind, or several separated by commas. */
  readonly kind?: string | undefined;
  readonly q?: string | undefined;
  readonly after?: string | undefined;
}

/** Reads the query parameters. The error is one sentence for the caller. */
export function activityFilter(
  { since, until, day, visit, bay, kind, q, after }: ActivityParameters,
  limit: number,
  { now, zone }: { readonly now: Instant; readonly zone: NamedZone },
): Result<ActivityFilter, string> {
  const dayStart = day === undefined ? null : dayNamed(day, now, zone);
  const from = since === undefined ? dayStart : instantNamed(since, now, zone);
  const to =
    until === undefined
      ? dayStart && startOfDay(dayStart, zone.timeZone, zone.timeZones, 1)
      : instantNamed(until, now, zone);
  if ((since !== undefined && from === null) || (until !== undefined && to === null)) {
    return Err(
      '"since" and "until" are a day (2026-11-26), an instant (2026-11-26T09:30:00Z) or an age (90m, 24h, 7d).',
    );
  }
  const kinds = kind?.split(',').filter((one) => one !== '');
  if (kinds && !kinds.every(isActivityKind)) return Err(`"kind" is one or more of ${ACTIVITY_KINDS.join(', ')}.`);
  const before = after === undefined ? null : placeFrom(after);
  if (after !== undefined && before === null) return Err('"after" is the "next" of the page before.');
  const visitStart = visit === undefined ? null : dayNamed(visit, now, zone);
  const words = q?.trim().slice(0, 200);
  return Ok({
    limit,
    ...(from !== null && { since: from }),
    ...(to !== null && { until: to }),
    ...(visitStart !== null && {
      visit: { from: visitStart, to: startOfDay(visitStart, zone.timeZone, zone.timeZones, 1) },
    }),
    ...(bay !== undefined && { bay }),
    ...(kinds && kinds.length > 0 && { kinds: kinds.filter(isActivityKind) }),
    ...(words !== undefined && words !== '' && { words }),
    ...(before && { before }),
  });
}
