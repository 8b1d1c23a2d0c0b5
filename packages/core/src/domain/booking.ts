import type { Instant } from './instant.js';

/**
 * What the booking system itself says about an appointment's life.
 * `unknown`: it says nothing that could be believed (status not set, a checkout not yet finished).
 */
export type BookingStatus = 'live' | 'dead' | 'unknown';

/** An appointment as the booking system has it, in the core's terms. */
export interface Booking {
  readonly appointmentId: string;
  readonly status: BookingStatus;
  readonly resourceUnitId: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly customerName: string;
  /** Free text of the booking. */
  readonly notes: string;
  /** The customer's id, needed to book again in their name; null where the record has none. */
  readonly customerId: string | null;
  /** When the record was made; null where the record does not say. */
  readonly createdAt: Instant | null;
}

/** A record that cannot be understood: it is named and reported, and nothing is ever concluded from it. */
export interface UnreadableBooking {
  /** null when not even the id can be read. */
  readonly appointmentId: string | null;
  /** What is wrong with it, in words. */
  readonly problem: string;
  /** It names no unit at all: as long as it has no event, it is no affair of our bays (row 2), and nothing is amiss. */
  readonly withoutUnit?: true;
}

/** One answer of the booking list. */
export interface BookingList {
  readonly bookings: readonly Booking[];
  readonly unreadable: readonly UnreadableBooking[];
}
