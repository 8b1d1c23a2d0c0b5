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

/** Options of a simulator. All are optional. */
export interface SimulatorOptions {
  /** Calendars at the start. An id alone means a calendar that is shared as `writer`. */
  readonly calendars?: readonly (string | SimulatedCalendar)[];
  /** Default zone of a calendar: times are shown in its offset. Default `UTC`. */
  readonly timeZone?: string;
  /** The zone data: UTC offset of a zone at an instant, in minutes. Default: this runtime's. */
  readonly zoneOffset?: ZoneOffset;
  /** Port on 127.0.0.1; default 0, any free one. */
  readonly port?: number;
  /** The simulator's clock; default `Date.now`. */
  readonly now?: () => Instant;
  /** Maximum number of events on a page, also if the client requests more. Default 2500. */
  readonly pageSize?: number;
  /** Form of deleted events. Default `full`, as Google usually does; `minimal`: only the guaranteed fields. */
  readonly tombstones?: TombstoneStyle;
  /**
   * `other`: the simulator differs from Google's known behaviour wherever docs/google-calendar.md leaves it open, to test
   * clients that must not depend on it. Default `usual`.
   */
  readonly manner?: 'usual' | 'other';
  /** Default 3600. */
  readonly tokenLifetimeSeconds?: number;
  /** Default: no limit. */
  readonly quota?: Quota;
  /** Maximum lifetime of a channel. Default 30 days. */
  readonly maxChannelTtlSeconds?: number;
  /** Pause before a refused notification is sent again, in milliseconds. Default 100; doubles each time. */
  readonly notificationRetryMs?: number;
  /** Address of the service account. */
  readonly clientEmail?: string;
  /** Address of the person who owns the calendars. */
  readonly personEmail?: string;
}
