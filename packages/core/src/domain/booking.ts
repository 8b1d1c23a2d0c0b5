import type { UnitId } from './bay.js';
import type { Instant } from './instant.js';

/**
 * Status of an appointment as the booking system reports it. `unknown`: the record has no reliable status (not set, or a
 * checkout that is not finished).
 */
export type BookingStatus = 'live' | 'dead' | 'unknown';

/** The fields that some records of one system have and others lack. */
export const OPTIONAL_FIELDS = ['customerName', 'end', 'notes', 'status'] as const;

/** One of `OMITTABLE_FIELDS`. */
export type OptionalField = (typeof OPTIONAL_FIELDS)[number];

/**
 * How a record omits a field: the key is absent, or its value is null. The difference matters: see
 * docs/decision-table.md#missing-is-not-empty.
 */
export type MissingKind = 'absent' | 'null';

/** The prepayment of a booking. A rebooking transfers it. */
export interface PrepaidCredit {
  /** The customer's credit: `PrepayServiceCustomerID` in USchedule. */
  readonly creditId: string;
  /** The kind of payment as the booking system numbers it. Null if the record has none. */
  readonly paymentType: number | null;
}

/**
 * Facts of a booking beside slot, customer and note. A rebooking transfers them. A field is absent if the record does not
 * have it.
 */
export interface BookingTerms {
  /** Number of participants. */
  readonly groupSize?: number;
  /** The booked service. */
  readonly serviceId?: number;
  /** The booked employee. */
  readonly employeeId?: string;
  /** The credit of the payment. Null if the booking has none. */
  readonly prepaid?: PrepaidCredit | null;
}

/** An appointment as the booking system has it, in the core's terms. */
export interface Booking {
  /** May be any text. */
  readonly appointmentId: string;
  readonly status: BookingStatus;
  readonly resourceUnitId: UnitId;
  readonly start: Instant;
  readonly end: Instant;
  readonly customerName: string;
  /** Free text of the booking. */
  readonly notes: string;
  /** The customer's id, required for a rebooking. Null if the record has none. */
  readonly customerId: string | null;
  /** Time of the creation of the record. Null if the record has none. */
  readonly createdAt: Instant | null;
  /**
   * Fields that the record omits, and how. Each of them holds a placeholder: no name, no notes, an end by the usual length,
   * status `unknown`. The engine replaces placeholders with known values (`rules/complete-booking.ts`). Absent if the record
   * is complete.
   */
  readonly missing?: Readonly<Partial<Record<OptionalField, MissingKind>>>;
  /** Absent if the record has none of them. */
  readonly terms?: BookingTerms;
  /**
   * Further facts by name for templates, `/admin/bookings` and signals: `price`, `groupSize`. Contains only the facts of the
   * record.
   */
  readonly details?: Readonly<Record<string, string>>;
  /**
   * Start and end as wall times, in milliseconds as if they were UTC. Present only within a day of a change to summer time,
   * when the instants of two bookings can overlap although their wall times do not.
   */
  readonly wall?: { readonly start: number; readonly end: number };
  /** A second free text of the record. Only the marker of a rebooking is read from it. */
  readonly otherText?: string;
  /** Texts of the event that are kept, because the record omits the fields of these texts. Set by the engine. */
  readonly keptText?: { readonly title?: string; readonly description?: string };
}

/** A record that cannot be parsed. The engine reports it and concludes nothing from it. */
export interface UnreadableBooking {
  /** Null if the id cannot be read either. */
  readonly appointmentId: string | null;
  /** Description of the fault. */
  readonly problem: string;
  /**
   * The record names no unit. Without an event the record does not concern our bays (docs/decision-table.md#row-2), and no
   * fault is reported.
   */
  readonly withoutUnit?: true;
}

/** One answer of the booking list. */
export interface BookingList {
  readonly bookings: readonly Booking[];
  readonly unreadable: readonly UnreadableBooking[];
}
