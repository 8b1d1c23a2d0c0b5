import type { UnitId } from '../domain/bay.js';
import type { Booking, BookingList, BookingTerms } from '../domain/booking.js';
import type { Instant, Period } from '../domain/instant.js';
import type { Result } from '../result.js';
import type { SyncError } from '../domain/sync-error.js';
import type { BookingCapabilities } from './capabilities.js';

/** Where a booking is to go. */
export interface BookingSlot {
  readonly resourceUnitId: UnitId;
  readonly start: Instant;
  readonly end: Instant;
}

/** A new booking, made in place of another one (`reschedule: "rebook"`). */
export interface BookRequest extends BookingSlot {
  readonly customerId: string | null;
  readonly notes: string;
  /** What the replaced booking had, to be carried over. What is not given is the adapter's to choose. */
  readonly terms?: BookingTerms;
}

/**
 * The system of record for bookings.
 *
 * Every call is one logical request; the adapter may log in and repeat it once, and repeats nothing else. A call
 * that ends in `transient` may have taken effect. No call may throw, or last for ever: the adapter sets timeouts.
 */
export interface BookingSystem {
  /** Name of the system in errors, logs and metrics: `uschedule`. Default `bookings`. */
  readonly system?: string;

  /** What it can do beside the rest. What is not given, it can. */
  readonly supports?: Partial<BookingCapabilities>;

  /**
   * Can this text be the id of an appointment here? An event whose marks name any other is left alone, and nothing is asked
   * about it (docs/decision-table.md#row-5a). Not given: any text can.
   */
  isAppointmentId?(text: string): boolean;

  /**
   * All appointments that start in the period (widened to whole local days), live or dead, as the system says.
   * A record that cannot be understood is named in `unreadable`, never left out. A field that a record lacks is named
   * in the booking's `missing`, never passed off as empty.
   */
  listBookings(period: Period): Promise<Result<BookingList, SyncError>>;

  /** One appointment. `not-found` means it surely does not exist; a record that cannot be read is `invalid`. */
  getBooking(appointmentId: string): Promise<Result<Booking, SyncError>>;

  /**
   * Starts of the slots that are free for a booking on this unit, on the local day that holds `day`.
   * @param minutes length of the booking that a slot must have room for; not given: the usual length. Never asked for
   * longer than the usual length.
   */
  listFreeSlots(resourceUnitId: UnitId, day: Instant, minutes?: number): Promise<Result<readonly Instant[], SyncError>>;

  /** Cancels. `refused` with the reason when the system will not (also when it is cancelled already). */
  cancelBooking(appointmentId: string): Promise<Result<void, SyncError>>;

  /** Moves a booking. Answers the id the booking has from now on, which may be a new one. Left out: see `supports`. */
  rescheduleBooking?(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>>;

  /** Makes a new booking and answers its id. */
  book(request: BookRequest): Promise<Result<string, SyncError>>;
}
