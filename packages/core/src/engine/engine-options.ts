import type { BookingSystem } from '../ports/booking-system.js';
import type { CalendarSystem } from '../ports/calendar-system.js';
import type { Clock } from '../ports/clock.js';
import type { SyncObserver } from '../ports/sync-observer.js';
import type { SyncStore } from '../ports/sync-store.js';
import type { TimeZones } from '../ports/time-zones.js';
import type { SyncSettings } from '../rules/settings.js';

/** How push notifications reach us. */
export interface PushOptions {
  /** Public HTTPS address notifications are sent to. */
  readonly address: string;
  /** Derives a channel's token from its id; the same for every replica. */
  readonly tokenOf: (channelId: string) => string;
}

/** Everything an engine needs. No container, no Node. */
export interface SyncEngineOptions {
  readonly bookings: BookingSystem;
  readonly calendars: CalendarSystem;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  /** Rules of the time zones. Default `intlTimeZones()`, which can be old: see `TimeZones`. */
  readonly timeZones?: TimeZones;
  /** Without it there are no watch channels. */
  readonly push?: PushOptions;
  /** Address of the calendar account that this engine writes with; without it, what its own inserts come back with. */
  readonly account?: string | undefined;
  readonly observers?: readonly SyncObserver[];
  /** A number in [0, 1): jitter and ids. */
  readonly random?: () => number;
  /** Name of this replica in leases; made up when missing. */
  readonly owner?: string;
  /** How many appointments are worked on side by side. */
  readonly concurrency?: number;
  /** How long a claimed task or a feed belongs to a replica that does not speak up. */
  readonly leaseMs?: number;
}
