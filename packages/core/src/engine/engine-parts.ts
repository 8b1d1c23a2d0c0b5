import type { Instant, Period } from '../domain/instant.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { BookingSystem } from '../ports/booking-system.js';
import type { CalendarSystem } from '../ports/calendar-system.js';
import type { Clock } from '../ports/clock.js';
import type { SyncStore } from '../ports/sync-store.js';
import type { Rules } from '../rules/rules.js';
import type { SyncSettings } from '../rules/settings.js';
import type { CallQuota } from './calls/call-quota.js';
import type { Circuits } from './calls/circuits.js';

/** What every part of the engine is made of. */
export interface EngineParts {
  readonly bookings: BookingSystem;
  /** Every call waits for its turn in the quota. */
  readonly calendars: CalendarSystem;
  /** The same without waiting, for what has to come between the turn and the call. */
  readonly promptCalendars: CalendarSystem;
  readonly quota: CallQuota;
  readonly circuits: Circuits;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  readonly rules: Rules;
  /** What the poll asks for; what ended before it is history. */
  readonly windowAt: (now: Instant) => Period;
  readonly random: () => number;
  readonly emit: (event: SyncEvent) => void;
  /** This replica's name in leases. */
  readonly owner: string;
  readonly leaseMs: number;
}
