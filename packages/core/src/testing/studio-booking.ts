import type { UnitId } from '../domain/bay.js';
import type { BookingTerms } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';

/**
 * The state of a booking in a simulated studio. `checkout`: started and not paid; it holds its slot. `abandoned`: a checkout
 * whose hold has ended. `abandoned`, `canceled` and `rescheduled` are final.
 */
export type StudioBookingState = 'live' | 'checkout' | 'abandoned' | 'canceled' | 'rescheduled';

/** A booking as the simulated studio stores it, including what its API hides. */
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
  /** End of the hold of a checkout. */
  readonly holdUntil: Instant;
  /** Booked terms besides the slot: service, group size, prepaid credit. Absent: the defaults. */
  readonly terms?: BookingTerms;
}

/** A booking by a user. */
export interface NewBooking {
  readonly unit: UnitId;
  readonly start: Instant;
  /** Default: the studio's service length. */
  readonly minutes?: number;
  readonly customerName?: string;
  readonly notes?: string;
  readonly terms?: BookingTerms;
}

/** The target of a user's move. Absent fields stay the same. */
export interface BookingMove {
  readonly unit?: UnitId;
  readonly start?: Instant;
  readonly minutes?: number;
}

/**
 * The acts and views of users of the booking system. For tests: an act that the studio cannot carry out throws, because the
 * test is wrong.
 */
export interface BookingUser {
  /** Returns the id. */
  book(request: NewBooking): string;
  /** Creates a record that holds its slot for the studio's hold time. */
  beginCheckout(request: NewBooking): string;
  /** Pays for the checkout: it becomes a booking. */
  finishCheckout(id: string): void;
  /** Frees the slot at once. The record stays. */
  abandonCheckout(id: string): void;
  /** Returns the id after the move: a new one if the studio creates a new record for a moved booking. */
  move(id: string, to: BookingMove): string;
  /** Changes the notes of a live booking. */
  setNotes(id: string, notes: string): void;
  /** Staff may cancel at any time, without a cancellation window. */
  cancel(id: string): void;
  /** Returns one record, live or dead, or null if it never existed. */
  booking(id: string): StudioBooking | null;
  /** Returns all records ever created, in order of creation. */
  bookings(): readonly StudioBooking[];
  /** Returns the live records, in order of creation. */
  liveBookings(): readonly StudioBooking[];
}
