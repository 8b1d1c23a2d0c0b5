import type { Instant } from '../../domain/instant.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import type { CalendarCapabilities } from '../../ports/capabilities.js';
import type { Clock } from '../../ports/clock.js';
import type { MemoryManner } from './memory-event.js';

/** The clock, the calendars, and the behaviour of lists and notifications. */
export interface MemoryCalendarsOptions {
  readonly clock: Clock;
  /** Calendars that exist from the start, shared as `writer`. */
  readonly calendars?: readonly string[];
  /** Number of events on a page. Default 2500. */
  readonly pageSize?: number;
  /** Delay of a notification. Changes during the delay cause no further notification. Default 0. */
  readonly notificationDelayMs?: number;
  /** Receives every notification. */
  readonly onNotification?: (notification: ChannelNotification) => void;
  /** Address of our account, the creator of the events that we insert. Default `sync-bot@calendars.example`. */
  readonly account?: string;
  /** Content of deleted events. Default `minimal`: only that is certain (docs/google-calendar.md#events). */
  readonly tombstones?: 'minimal' | 'full';
  /** The capabilities of the calendars. Default: all. */
  readonly supports?: Partial<CalendarCapabilities>;
  /** The calendars' zone: its name, and its UTC offset in minutes at an instant. Default: no zone is reported. */
  readonly zone?: {
    readonly name: string;
    /** Returns the UTC offset in minutes at an instant, positive east of Greenwich. */
    readonly offsetMinutes: (at: Instant) => number;
  };
}

export function mannerOf(options: MemoryCalendarsOptions): MemoryManner {
  const { pageSize = 2500, account = 'sync-bot@calendars.example', tombstones = 'minimal', zone } = options;
  const offsetMinutes = zone?.offsetMinutes ?? null;
  return { pageSize, account, tombstones, timeZone: zone?.name ?? null, offsetMinutes };
}
