import type { Instant } from '@loft/sync-core';

/** Times as a person at the studio reads them. */
export interface ZonedFormat {
  /** `09:30` */
  readonly time: (instant: Instant) => string;
  /** `Thu 26 Nov 2026` */
  readonly day: (instant: Instant) => string;
  /** `2026-11-26`, as in an address. */
  readonly date: (instant: Instant) => string;
}

export function zonedFormat(timeZone: string): ZonedFormat {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const date = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return {
    time: (instant) => time.format(instant),
    day: (instant) => day.format(instant).replace(',', ''),
    date: (instant) => date.format(instant),
  };
}
