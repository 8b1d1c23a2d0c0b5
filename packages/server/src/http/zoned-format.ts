import type { Instant, TimeZones } from '@loft/sync-core';
import { withoutComma, zonedFormatter } from '../time-zones/zoned-formatter.js';

/** Formats times in the studio's zone. Texts for a person use the locale of the reader. */
export interface ZonedFormat {
  /** `09:30` */
  readonly time: (instant: Instant) => string;
  /** `Thu 26 Nov 2026` */
  readonly day: (instant: Instant) => string;
  /** `Thu 26 Nov` */
  readonly shortDay: (instant: Instant) => string;
  /** `2026-11-26`, for an address. */
  readonly date: (instant: Instant) => string;
  /** `09:30`, for a form. */
  readonly clock: (instant: Instant) => string;
}

/** Creates the formats of a zone for one locale. */
export function zonedFormat(timeZone: string, timeZones: TimeZones, locale = 'en-GB'): ZonedFormat {
  const zone = { timeZone, timeZones };
  const dayOf = (options: Intl.DateTimeFormatOptions): ((instant: Instant) => string) => {
    const format = zonedFormatter(zone, locale, { weekday: 'short', day: 'numeric', month: 'short', ...options });
    return (instant) => withoutComma(format(instant), locale);
  };
  return {
    time: zonedFormatter(zone, locale, { timeStyle: 'short' }),
    day: dayOf({ year: 'numeric' }),
    shortDay: dayOf({}),
    date: zonedFormatter(zone, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }),
    clock: zonedFormatter(zone, 'en-GB', { hour: '2-digit', minute: '2-digit' }),
  };
}
