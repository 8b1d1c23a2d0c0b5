import type { Instant } from '@loft/sync-core';
import type { AccessRole } from './calendar-directory.js';
import type { Quota } from './quota.js';
import type { TombstoneStyle } from './stored-event.js';
import type { ZoneOffset } from './zone-times.js';

/** A calendar, and how it is shared with the service account. */
export interface SimulatedCalendar {
  readonly id: string;
  /** Default `writer`. */
  readonly role?: AccessRole;
  /** Its name; default its id. */
  readonly summary?: string;
  readonly description?: string;
  /** Its IANA zone. */
  readonly timeZone?: string;
}

/** How a simulator is set up; nothing is needed. */
export interface SimulatorOptions {
  /** Calendars that are there from the start: an id alone is shared as `writer`. */
  readonly calendars?: readonly (string | SimulatedCalendar)[];
  /** Zone of the calendars that have none of their own: times are shown in its offset. Default `UTC`. */
  readonly timeZone?: string;
  /** The zone data: UTC offset of a zone at an instant, in minutes. Default: this runtime's. */
  readonly zoneOffset?: ZoneOffset;
  /** Port on 127.0.0.1; default 0, any free one. */
  readonly port?: number;
  /** The simulator's clock; default `Date.now`. */
  readonly now?: () => Instant;
  /** At most so many events on a page, whatever is asked for. Default 2500. */
  readonly pageSize?: number;
  /** How deleted events are shown; default `full`, as Google usually does. `minimal` is the least that is sure. */
  readonly tombstones?: TombstoneStyle;
  /**
   * `other`: everything docs/google-calendar.md leaves open is done in another way than Google is known to do it, for a
   * client that may not depend on that. Default `usual`.
   */
  readonly manner?: 'usual' | 'other';
  /** Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** No limit without it. */
  readonly quota?: Quota;
  /** No channel lives longer. Default 30 days. */
  readonly maxChannelTtlSeconds?: number;
  /** Pause before a refused notification is sent again, in milliseconds. Default 100; doubles each time. */
  readonly notificationRetryMs?: number;
  /** Address of the service account. */
  readonly clientEmail?: string;
  /** Address of the person who owns the calendars. */
  readonly personEmail?: string;
}
