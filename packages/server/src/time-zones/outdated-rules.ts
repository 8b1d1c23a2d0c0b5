import { DAY, type Instant, type Period, type TimeZones } from '@loft/sync-core';
import { UPDATE_RULES } from './calendar-offsets.js';
import { compareTzVersions, yearOfTzVersion } from './tz-version.js';
import { daysText, sourceText, zoneChanges } from './zone-disagreements.js';
import { zonedFormatter } from './zoned-formatter.js';

/**
 * The newest release at the time of writing. It moves the clocks of seven zones after 1 November 2026, so every older
 * release is wrong for some zone.
 */
const NEWEST_KNOWN = '2026f';
/**
 * Age at which rules count as outdated. Several releases appear each year, so rules of a year and a half are missing
 * some.
 */
const YEARS_VALID = 1.5;

/** Whether later releases of the zone rules are likely. */
export function isOutdated(version: string | null, now: Instant): boolean {
  if (version === null || compareTzVersions(version, NEWEST_KNOWN) < 0) return true;
  const year = yearOfTzVersion(version) ?? 0;
  return now >= Date.UTC(year + 1, 0, 1) + (YEARS_VALID - 1) * 365 * DAY;
}

/**
 * Describes zone rules that may be wrong, with the dates: an unknown law can only move or cancel a change of clocks, or
 * add one.
 *
 * @param window the days that the service reads
 * @returns null if the rules are recent
 */
export function outdatedRulesWarning(zone: string, timeZones: TimeZones, window: Period, now: Instant): string | null {
  if (!isOutdated(timeZones.version, now)) return null;
  const date = zonedFormatter({ timeZone: zone, timeZones }, 'en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  // A change within the last year that did not take place makes all later offsets wrong.
  const changes = zoneChanges(zone, { from: now - 365 * DAY, to: window.to }, timeZones);
  const last = changes.findLast((at) => at < window.from);
  const days = [...(last === undefined ? [] : [last]), ...changes.filter((at) => at >= window.from)].map(date);
  const dates =
    days.length === 0
      ? `from ${daysText(window, zone, timeZones)}, if the clocks there change`
      : `after ${days.join(' and after ')}, when by these rules the clocks change`;
  return (
    `the time zone rules are outdated: ${sourceText(timeZones)} is the newest here. ` +
    `Times of ${zone} may be an hour off ${dates}. ${UPDATE_RULES}`
  );
}
