import type { Instant, TimeZones } from '@loft/sync-core';
import { zonedFormatter } from '../time-zones/zoned-formatter.js';

/** Times as a person at the studio reads them. */
export interface ZonedFormat {
  /** `09:30` */
  readonly time: (instant: Instant) => string;
  /** `Thu 26 Nov 2026` */
  readonly day: (instant: Instant) => string;
  /** `2026-11-26`, as in an address. */
  readonly date: (instant: Instant) => string;
}

export function zonedFormat(timeZone: string, timeZones: TimeZones): ZonedFormat {
  const zone = { timeZone, timeZones };
  const time = zonedFormatter(zone, 'en-GB', { hour: '2-digit', minute: '2-digit' });
  const day = zonedFormatter(zone, 'en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const date = zonedFormatter(zone, 'en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
  return {
    time,
    day: (instant) => day(instant).replace(',', ''),
    date,
  };
}
