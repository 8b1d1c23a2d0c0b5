import type { UnitId } from '../domain/bay.js';
import type { Booking, BookingList, BookingTerms } from '../domain/booking.js';
import type { Instant, Period } from '../domain/instant.js';
import type { Result } from '../result.js';
import type { SyncError } from '../domain/sync-error.js';
import type { BookingCapabilities } from './capabilities.js';

/** The target of a move. */
export interface BookingSlot {
  readonly resourceUnitId: UnitId;
  readonly start: Instant;
  readonly end: Instant;
}

/** A new booking that replaces another one (`reschedule: "rebook"`). */
export interface BookRequest extends BookingSlot {
  readonly customerId: string | null;
  readonly notes: string;
  /** Facts of the replaced booking to transfer. The adapter chooses the others. */
  readonly terms?: BookingTerms;
}

/**
 * The system of record for bookings.
 *
 * Every call is one logical request. The adapter may log in and repeat it once, and repeats nothing else. A call that ends
 * in `transient` may have taken effect. A call must not throw and must end: the adapter sets timeouts.
 */
export interface BookingSystem {
  /** Name of the system in errors, logs and metrics: `uschedule`. Default `bookings`. */
  readonly system?: string;

  /** Optional capabilities. An absent capability counts as supported. */
  readonly supports?: Partial<BookingCapabilities>;

  /**
   * Can this text be an appointment id of this system? The engine ignores an event whose marks contain another text and
   * makes no calls for it (docs/decision-table.md#row-5a). Absent: any text can be an id.
   */
  isAppointmentId?(text: string): boolean;

  /**
   * Lists all appointments that start in the period (extended to whole local days), live or cancelled, as the system reports
   * them. A record that cannot be parsed is listed in `unreadable`, never left out. A field that a record omits is listed in
   * the booking's `missing`, never reported as empty.
   */
  listBookings(period: Period): Promise<Result<BookingList, SyncError>>;

  /** Reads one appointment. `not-found` means that it certainly does not exist. A record that cannot be parsed is `invalid`. */
  getBooking(appointmentId: string): Promise<Result<Booking, SyncError>>;

  /**
   * Lists the starts of the free slots of this unit, on the local day that contains `day`.
   *
   * @param minutes length of the booking that must fit into a slot. Absent: the usual length. Never longer than the usual
   * length.
   */
  listFreeSlots(resourceUnitId: UnitId, day: Instant, minutes?: number): Promise<Result<readonly Instant[], SyncError>>;

  /** Cancels a booking. `refused` with the reason if the system rejects the request (also if it is cancelled already). */
  cancelBooking(appointmentId: string): Promise<Result<void, SyncError>>;

  /** Moves a booking. Returns the id of the booking after the move, which may be a new one. Optional: see `supports`. */
  rescheduleBooking?(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>>;

  /** Makes a new booking and returns its id. */
  book(request: BookRequest): Promise<Result<string, SyncError>>;
}
