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
import type { StudioReschedule } from '../studio.js';
import type { MaybeAsync } from '../maybe-async.js';
import type { BookingDesk } from '../studio-booking.js';

/** What an implementation says of itself; the suite asks for what follows from it. */
export interface BookingSystemTraits {
  readonly status: StatusTrust;
  readonly reschedule: StudioReschedule;
  /** null: bookings can be cancelled at any time. */
  readonly cancellationHours: number | null;
}

/** A fresh booking system without any booking, and the people who use it. */
export interface BookingSystemHarness {
  readonly bookings: BookingSystem;
  readonly desk: MaybeAsync<BookingDesk>;
  readonly timeZone: string;
  /** Default `intlTimeZones()`. */
  readonly timeZones?: TimeZones;
  /** Two units, each of which holds one booking at a time. */
  readonly units: readonly [UnitId, UnitId];
  /** Length of the slots that `listFreeSlots` speaks of. */
  readonly serviceLengthMinutes: number;
  readonly holdMinutes: number;
  /** The booking system's time. */
  now(): Instant;
  /** Lets time pass for the booking system. */
  elapse(milliseconds: number): Promise<void>;
  /** Ends it: no timer and no socket is left. */
  close(): Promise<void>;
}

/** Makes the booking systems that the suite tests, and says what they can do. */
export interface BookingSystemFactory {
  readonly traits: BookingSystemTraits;
  /** What the booking systems say of themselves in `supports`: of the rest nothing is asked. Default: everything. */
  readonly supports?: Partial<BookingCapabilities>;
  /** A fresh one for each test. */
  create(): Promise<BookingSystemHarness>;
}

/** A test with its own harness, which is closed in any case. */
export type HarnessTest = (title: string, body: (harness: WholeBookingHarness) => Promise<void>) => void;

/** The harness as tests use it. */
export interface WholeBookingHarness extends BookingSystemHarness {
  readonly bookings: WholePort<BookingSystem>;
}

const INTL = intlTimeZones();

/** First instant of the local day that is `days` ahead. */
export function dayAhead(harness: BookingSystemHarness, days: number): Instant {
  const { timeZone, timeZones = INTL } = harness;
  return startOfDay(harness.now(), timeZone, timeZones, days);
}

/** So many hours into the local day that is `days` ahead. */
export function at(harness: BookingSystemHarness, days: number, hours: number): Instant {
  return dayAhead(harness, days) + hours * HOUR;
}

export function slot(resourceUnitId: UnitId, start: Instant, hours = 1): BookingSlot {
  return { resourceUnitId, start, end: start + hours * HOUR };
}

/** Far enough to hold everything the suite books. */
export function wholeWindow(harness: BookingSystemHarness): { readonly from: Instant; readonly to: Instant } {
  return { from: harness.now() - 2 * DAY, to: harness.now() + 30 * DAY };
}
