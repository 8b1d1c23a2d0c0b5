import type { UnitId } from '../domain/bay.js';
import type { BookingTerms } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';

/**
 * What has become of a booking in a simulated studio. `checkout`: begun, holds its slot, not yet paid for.
 * `abandoned`: a checkout whose hold has run out. Nothing ever comes back from `abandoned`, `canceled` and `rescheduled`.
 */
export type StudioBookingState = 'live' | 'checkout' | 'abandoned' | 'canceled' | 'rescheduled';

/** A booking as the simulated studio knows it, whatever its API lets on. */
export interface StudioBooking {
  readonly id: string;
  readonly unit: UnitId;
  readonly start: Instant;
  readonly end: Instant;
  readonly customerId: string;
  readonly customerName: string;
  readonly notes: string;
  readonly state: StudioBookingState;
  readonly createdAt: Instant;
  /** Until when a checkout holds its slot. */
  readonly holdUntil: Instant;
  /** What was booked beside the slot: service, group size, prepaid credit. Not given: nothing in particular. */
  readonly terms?: BookingTerms;
}

/** A booking that a person makes. */
export interface DeskBooking {
  readonly unit: UnitId;
  readonly start: Instant;
  /** Default: the studio's service length. */
  readonly minutes?: number;
  readonly customerName?: string;
  readonly notes?: string;
  readonly terms?: BookingTerms;
}

/** Where a person moves a booking; what is not named stays. */
export interface DeskMove {
  readonly unit?: UnitId;
  readonly start?: Instant;
  readonly minutes?: number;
}

/**
 * What people do in the booking system, and what they see there. Made for tests: an action that the studio cannot
 * carry out throws, since the test is at fault then.
 */
export interface BookingDesk {
  /** Answers the id. */
  book(request: DeskBooking): string;
  /** A record is born and holds its slot for the studio's hold time. */
  beginCheckout(request: DeskBooking): string;
  /** The checkout is paid for: it is a booking from now on. */
  finishCheckout(id: string): void;
  /** Lets go of the slot at once; the record stays for good. */
  abandonCheckout(id: string): void;
  /** Answers the id from now on: a new one where the studio makes a new record of a moved booking. */
  move(id: string, to: DeskMove): string;
  /** Changes the notes of a live booking. */
  setNotes(id: string, notes: string): void;
  /** Staff may cancel at any time: no cancellation window applies. */
  cancel(id: string): void;
  /** One record, alive or not; null: there never was one. */
  booking(id: string): StudioBooking | null;
  /** All records that were ever made, in the order of their making. */
  bookings(): readonly StudioBooking[];
  /** The records that stand, in the order of their making. */
  liveBookings(): readonly StudioBooking[];
}
