import type { BookingSystem } from '../ports/booking-system.js';
import type { CalendarSystem } from '../ports/calendar-system.js';
import type { Clock } from '../ports/clock.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import type { SyncStore } from '../ports/sync-store.js';
import type { TimeZones } from '../ports/time-zones.js';
import type { SyncSettings } from '../rules/settings.js';

/** Settings of push notifications. */
export interface PushOptions {
  /** Public HTTPS address of the notifications. */
  readonly address: string;
  /** Derives the token of a channel from its id. All replicas must derive the same. */
  readonly tokenOf: (channelId: string) => string;
}

/** The options of an engine. It needs no container and no Node. */
export interface SyncEngineOptions {
  readonly bookings: BookingSystem;
  readonly calendars: CalendarSystem;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  /** Rules of the time zones. Default `intlTimeZones()`, which may be outdated: see `TimeZones`. */
  readonly timeZones?: TimeZones;
  /** Without push settings there are no watch channels. */
  readonly push?: PushOptions;
  /** Address of the calendar account of this engine. Absent: the creator of its own inserts. */
  readonly account?: string | undefined;
  readonly observers?: readonly SyncObserver[];
  /** Returns a number in [0, 1), for jitter and ids. */
  readonly random?: () => number;
  /** Name of this replica in leases. Absent: a random name. */
  readonly owner?: string;
  /** Number of appointments processed in parallel. */
  readonly concurrency?: number;
  /** Duration of the lease of a task or feed, in milliseconds. */
  readonly leaseMs?: number;
}
