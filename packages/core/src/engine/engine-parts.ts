import type { ClosedCalendars } from './closed-calendars.js';
import type { EndedHolds } from './held-edits.js';
import type { MarkedEvents } from './observe/removals.js';
import type { OurAccounts } from './our-accounts.js';
import type { Instant, Period } from '../domain/instant.js';
import type { SyncSystem } from '../domain/sync-error.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { BookingSystem } from '../ports/booking-system.js';
import type { CalendarSystem } from '../ports/calendar-system.js';
import type { Clock } from '../ports/clock.js';
import { BOOKING_PORT, CALENDAR_PORT } from '../ports/port-methods.js';
import type { SyncStore } from '../ports/sync-store.js';
import type { TimeZones } from '../ports/time-zones.js';
import type { Rules } from '../rules/rules.js';
import type { SyncSettings } from '../rules/settings.js';
import type { StatusResolver } from './observe/observe-booking.js';
import type { CallQuota, CallCause } from './ports/call-quota.js';
import type { Circuits } from './ports/circuit-breakers.js';

/** Names of the systems of the adapters: the `system` of errors, and the keys of circuits. */
export interface SystemNames {
  readonly bookings: SyncSystem;
  readonly calendars: SyncSystem;
}

/** Names for adapters without a name. */
export function systemNames(
  bookings: Pick<BookingSystem, 'system'>,
  calendars: Pick<CalendarSystem, 'system'>,
): SystemNames {
  return { bookings: bookings.system ?? BOOKING_PORT.system, calendars: calendars.system ?? CALENDAR_PORT.system };
}

/** The parts that an engine shares: ports, settings, clock, and the event stream. */
export interface EngineParts {
  readonly systems: SystemNames;
  readonly accounts: OurAccounts;
  readonly closedCalendars: ClosedCalendars;
  readonly markedEvents: MarkedEvents;
  readonly endedHolds: EndedHolds;
  /** Held checkouts that an administrator wants mirrored at once. */
  readonly mirrorAtOnce: Set<string>;
  /** The current warnings of `/ready`, by appointment. */
  readonly warnings: Map<string, string>;
  readonly bookings: BookingSystem;
  /** Resolves the status of a booking. */
  readonly statuses: StatusResolver;
  /**
   * Rate limited: every call waits until the quota has its units. Reads have a lower priority than calls for which a
   * person waits.
   */
  readonly calendars: CalendarSystem;
  /** Returns `calendars` with the priority of another cause, which is evaluated again while a call waits. */
  readonly calendarsFor: (cause: () => CallCause) => CalendarSystem;
  /** The calendars without the rate limit, for decorators between the wait and the call. */
  readonly unthrottledCalendars: CalendarSystem;
  readonly quota: CallQuota;
  readonly circuits: Circuits;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  readonly timeZones: TimeZones;
  readonly rules: Rules;
  /** The poll's window. Bookings that ended earlier are history. */
  readonly windowAt: (now: Instant) => Period;
  readonly random: () => number;
  readonly emit: (event: SyncEvent) => void;
  /** This replica's name in leases. */
  readonly owner: string;
  readonly leaseMs: number;
}
