import type { Instant, TimeZones } from '@loft/sync-core';

/** A zone by its name, and the rules by which it is read. */
export interface NamedZone {
  readonly timeZone: string;
  readonly timeZones: TimeZones;
}

/**
 * Formats instants as the clocks of a zone show them. `Intl` is given the wall time as if it were UTC, since its own
 * rules of the zone can be old.
 */
export function zonedFormatter(
  { timeZone, timeZones }: NamedZone,
  locale: string,
  options: Omit<Intl.DateTimeFormatOptions, 'timeZone' | 'timeZoneName'>,
): (instant: Instant) => string {
  const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  return (instant) => formatter.format(instant + timeZones.offsetAt(instant, timeZone));
}

/** British dates are read well without the comma after the day of the week. Other locales are kept as they are. */
export function withoutComma(date: string, locale: string): string {
  return locale === 'en-GB' ? date.replace(',', '') : date;
}
