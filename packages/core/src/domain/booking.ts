import type { UnitId } from './bay.js';
import type { Instant } from './instant.js';

/**
 * What the booking system itself says about an appointment's life.
 * `unknown`: it says nothing that could be believed (status not set, a checkout not yet finished).
 */
export type BookingStatus = 'live' | 'dead' | 'unknown';

/** The fields of a booking that some records of one system have and others lack. */
export const OPTIONAL_FIELDS = ['customerName', 'end', 'notes', 'status'] as const;

/** One of them. */
export type OptionalField = (typeof OPTIONAL_FIELDS)[number];

/**
 * How a record says nothing in a field: the key is not there at all, or it is and holds null. The difference matters:
 * see docs/decision-table.md#missing-is-not-empty.
 */
export type Silence = 'absent' | 'null';

/** What a booking was paid with before the visit, so that a rebooking can carry it over. */
export interface PrepaidCredit {
  /** The customer's credit: `PrepayServiceCustomerID` in USchedule. */
  readonly creditId: string;
  /** The kind of payment as the booking system numbers it; null where the record does not say. */
  readonly paymentType: number | null;
}

/** What a booking has beside its slot, customer and note. A rebooking carries it over. Not given: not said. */
export interface BookingTerms {
  /** How many people come. */
  readonly groupSize?: number;
  /** The service that was booked. */
  readonly serviceId?: number;
  /** The employee that was booked. */
  readonly employeeId?: string;
  /** The credit it is paid with; null: with none. */
  readonly prepaid?: PrepaidCredit | null;
}

/** An appointment as the booking system has it, in the core's terms. */
export interface Booking {
  /** Any text. */
  readonly appointmentId: string;
  readonly status: BookingStatus;
  readonly resourceUnitId: UnitId;
  readonly start: Instant;
  readonly end: Instant;
  readonly customerName: string;
  /** Free text of the booking. */
  readonly notes: string;
  /** The customer's id, needed to book again in their name; null where the record has none. */
  readonly customerId: string | null;
  /** When the record was made; null where the record does not say. */
  readonly createdAt: Instant | null;
  /**
   * Fields that this record did not say, and how. Each of them holds a stand-in: no name, no notes, an end by the usual
   * length, status `unknown`. The engine puts what it knows in their place (`rules/complete-booking.ts`). Not given: the record is whole.
   */
  readonly missing?: Readonly<Partial<Record<OptionalField, Silence>>>;
  /** Not given: the record says nothing of them. */
  readonly terms?: BookingTerms;
  /** Further facts for templates, `/admin/bookings` and signals, by name: `price`, `groupSize`. Only what was said. */
  readonly details?: Readonly<Record<string, string>>;
  /**
   * Start and end by the clocks on the wall, in milliseconds as if they were UTC. Given only within a day of clocks going
   * forward, where the instants of two bookings can overlap though their wall times do not.
   */
  readonly wall?: { readonly start: number; readonly end: number };
  /** A second free text of the record. Only the marker of a rebooking is looked for in it. */
  readonly otherText?: string;
  /** Texts of the event that stay as they are, since the record did not say what they are made of. Set by the engine. */
  readonly keptText?: { readonly title?: string; readonly description?: string };
}

/** A record that cannot be understood: it is named and reported, and nothing is ever concluded from it. */
export interface UnreadableBooking {
  /** null when not even the id can be read. */
  readonly appointmentId: string | null;
  /** What is wrong with it, in words. */
  readonly problem: string;
  /**
   * It names no unit at all: as long as it has no event, it does not concern our bays (docs/decision-table.md#row-2),
   * and no fault is reported.
   */
  readonly withoutUnit?: true;
}

/** One answer of the booking list. */
export interface BookingList {
  readonly bookings: readonly Booking[];
  readonly unreadable: readonly UnreadableBooking[];
}
