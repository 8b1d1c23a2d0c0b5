import type { UnitId } from '../../domain/bay.js';
import type { Instant } from '../../domain/instant.js';
import { DAY, HOUR } from '../../domain/instant.js';
import { startOfDay } from '../../domain/zoned-time.js';
import type { BookingSlot, BookingSystem } from '../../ports/booking-system.js';
import type { BookingCapabilities } from '../../ports/capabilities.js';
import type { WholePort } from '../whole-port.js';
import type { TimeZones } from '../../ports/time-zones.js';
import { intlTimeZones } from '../../time-zones/intl-time-zones.js';
import type { StatusTrust } from '../../rules/settings.js';
import type { StudioReschedule } from '../studio-rules.js';
import type { MaybeAsync } from '../maybe-async.js';
import type { BookingUser } from '../studio-booking.js';

/** The traits of an implementation. The suite tests accordingly. */
export interface BookingSystemTraits {
  readonly status: StatusTrust;
  readonly reschedule: StudioReschedule;
  /** Null if bookings can be cancelled at any time. */
  readonly cancellationHours: number | null;
}

/** A new booking system without bookings, and its users. */
export interface BookingSystemHarness {
  readonly bookings: BookingSystem;
  readonly user: MaybeAsync<BookingUser>;
  readonly timeZone: string;
  /** Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** Two units. Each has at most one booking at a time. */
  readonly units: readonly [UnitId, UnitId];
  /** Length of the slots of `listFreeSlots`. */
  readonly serviceLengthMinutes: number;
  readonly holdMinutes: number;
  /** The current time of the booking system. */
  now(): Instant;
  /** Advances the time of the booking system. */
  elapse(milliseconds: number): Promise<void>;
  /** Closes the harness. No timer and no socket may remain. */
  close(): Promise<void>;
}

/** Creates the booking systems for the suite, and describes their capabilities. */
export interface BookingSystemFactory {
  readonly traits: BookingSystemTraits;
  /** The claimed capabilities (`supports`). The suite does not test the others. Default: all. */
  readonly supports?: Partial<BookingCapabilities>;
  /** Creates a new harness for each test. */
  create(): Promise<BookingSystemHarness>;
}

/** Declares a test with its own harness, which is always closed. */
export type HarnessTest = (title: string, body: (harness: WholeBookingHarness) => Promise<void>) => void;

/** The harness with synchronous and asynchronous methods unified. */
export interface WholeBookingHarness extends BookingSystemHarness {
  readonly bookings: WholePort<BookingSystem>;
}

const INTL = intlTimeZones();

/** Returns the first instant of the local day `days` ahead. */
export function dayAhead(harness: BookingSystemHarness, days: number): Instant {
  const { timeZone, timeZones = INTL } = harness;
  return startOfDay(harness.now(), timeZone, timeZones, days);
}

/** Returns the instant `hours` into the local day `days` ahead. */
export function at(harness: BookingSystemHarness, days: number, hours: number): Instant {
  return dayAhead(harness, days) + hours * HOUR;
}

export function slot(resourceUnitId: UnitId, start: Instant, hours = 1): BookingSlot {
  return { resourceUnitId, start, end: start + hours * HOUR };
}

/** A period that contains all bookings of the suite. */
export function wholeWindow(harness: BookingSystemHarness): { readonly from: Instant; readonly to: Instant } {
  return { from: harness.now() - 2 * DAY, to: harness.now() + 30 * DAY };
}
