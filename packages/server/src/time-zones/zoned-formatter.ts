import type { Instant, TimeZones } from '@loft/sync-core';

/** A zone by its name, and the rules that are used for it. */
export interface NamedZone {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
}

/**
 * Formats instants as the clocks of a zone show them. `Intl` gets the wall time as if it were UTC, because its own
 * rules of the zone may be outdated.
 */
export function zonedFormatter(
  { timeZone, timeZones }: NamedZone,
  locale: string,
  options: Omit<Intl.DateTimeFormatOptions, 'timeZone' | 'timeZoneName'>,
): (instant: Instant) => string {
  const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (instant) => formatter.format(instant + timeZones.offsetAt(instant, timeZone));
}

/** Removes the comma after the weekday of British dates. Other locales are unchanged. */
export function withoutComma(date: string, locale: string): string {
  return locale === 'en-GB' ? date.replace(',', '') : date;
}
