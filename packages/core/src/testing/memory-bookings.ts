import type { UnitId } from '../domain/bay.js';
import type { Booking, BookingList, BookingStatus } from '../domain/booking.js';
import { type Instant, MINUTE, type Period } from '../domain/instant.js';
import type { SyncError, SyncErrorKind } from '../domain/sync-error.js';
import { startOfDay } from '../domain/zoned-time.js';
import type { BookingSlot, BookingSystem, BookRequest } from '../ports/booking-system.js';
import type { Clock } from '../ports/clock.js';
import { Err, Ok, type Result } from '../result.js';
import type { StatusTrust } from '../rules/settings.js';
import { isRefusal, Studio } from './studio.js';
import type { StudioRefusal, StudioRules } from './studio-rules.js';
import type { StudioBooking } from './studio-booking.js';

/** The clock, and the rules of the simulated studio. */
export interface MemoryBookingsOptions extends Partial<StudioRules> {
  readonly clock: Clock;
  /** `blind`: every booking reads as `unknown`, live or dead. Default `trusted`. */
  readonly status?: StatusTrust;
}

/** Number of writes that took effect, by method. */
export interface BookingWrites {
  readonly booked: number;
  readonly cancelled: number;
  readonly rescheduled: number;
}

const KIND_OF_REFUSAL: Readonly<Record<StudioRefusal['refused'], SyncErrorKind>> = {
  'unknown-appointment': 'not-found',
  'unknown-unit': 'refused',
  'unknown-service': 'refused',
  'slot-taken': 'refused',
  'not-live': 'refused',
  'too-late': 'refused',
  unsupported: 'refused',
};

/** The source of a record: `list` for `listBookings`, `id` for `getBooking`. */
export type ServedBy = 'list' | 'id';

/**
 * The booking system in memory, with the semantics of docs/uschedule.md. Users act through `user`. It never fails by itself:
 * decorators add faults.
 */
export class MemoryBookings implements BookingSystem {
  readonly system = 'uschedule';
  readonly user: Studio;
  /** May be changed at any time. */
  status: StatusTrust;
  #writes: BookingWrites = { booked: 0, cancelled: 0, rescheduled: 0 };
  #flickers = 0;
  /** Units that are requested with a service which they do not offer: availability lists none of their slots. */
  readonly unitsWithoutSlots: Set<UnitId> = new Set();
  /** Changes records before they are returned, for example removes fields. Null: unchanged. */
  distort: ((booking: Booking, servedBy: ServedBy) => Booking) | null = null;

  constructor(options: MemoryBookingsOptions) {
    const { clock, status = 'trusted', ...rules } = options;
    this.user = new Studio(() => clock.now(), rules);
    this.status = status;
  }

  get writes(): BookingWrites {
    return this.#writes;
  }

  get writeCount(): number {
    const { booked, cancelled, rescheduled } = this.#writes;
    return booked + cancelled + rescheduled;
  }

  /** The next `times` answers of `listFreeSlots` list every slot as free (docs/uschedule.md#lesson-2). */
  flickerAvailability(times = 1): void {
    this.#flickers = times;
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const { timeZone, timeZones } = this.user.rules;
    const from = startOfDay(period.from, timeZone, timeZones);
    const to = startOfDay(Math.max(period.from, period.to - 1), timeZone, timeZones, 1);
    const inside = this.user.bookings().filter(({ start }) => start >= from && start < to);
    return Ok({ bookings: inside.map((booking) => this.#serve(booking, 'list')), unreadable: [] });
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    const booking = this.user.booking(appointmentId);
    if (booking) return Ok(this.#serve(booking, 'id'));
    return Err(failure('getappointment', 'unknown-appointment', 'There is no such appointment.'));
  }

  async listFreeSlots(
    resourceUnitId: UnitId,
    day: Instant,
    minutes?: number,
  ): Promise<Result<readonly Instant[], SyncError>> {
    if (this.unitsWithoutSlots.has(resourceUnitId)) return Ok([]);
    const { serviceLengthMinutes } = this.user.rules;
    if (this.#flickers > 0) {
      this.#flickers--;
      return Ok(this.user.allSlots(day));
    }
    return Ok(this.user.freeSlots(resourceUnitId, day, Math.min(minutes ?? Infinity, serviceLengthMinutes)));
  }

  async cancelBooking(appointmentId: string): Promise<Result<void, SyncError>> {
    const answer = this.user.cancelOnline(appointmentId);
    if (isRefusal(answer)) return Err(failure('cancelappointment', answer.refused, answer.reason));
    this.#count('cancelled');
    return Ok(undefined);
  }

  async rescheduleBooking(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>> {
    const answer = this.user.rescheduleOnline(appointmentId, slotOf(to));
    if (isRefusal(answer)) return Err(failure('rescheduleappointment', answer.refused, answer.reason));
    this.#count('rescheduled');
    return Ok(answer);
  }

  async book(request: BookRequest): Promise<Result<string, SyncError>> {
    const { customerId, notes, terms } = request;
    const answer = this.user.bookOnline(slotOf(request), { customerId, notes, ...(terms ? { terms } : {}) });
    if (isRefusal(answer)) return Err(failure('bookit', answer.refused, answer.reason));
    this.#count('booked');
    return Ok(answer);
  }

  #serve(booking: StudioBooking, servedBy: ServedBy): Booking {
    const { id, unit, start, end, customerName, notes, customerId, createdAt, terms } = booking;
    const status = this.status === 'blind' ? 'unknown' : statusOf(booking);
    const slot = { resourceUnitId: unit, start, end };
    const record = { appointmentId: id, status, ...slot, customerName, notes, customerId, createdAt };
    const served = terms ? { ...record, terms } : record;
    return this.distort ? this.distort(served, servedBy) : served;
  }

  #count(kind: keyof BookingWrites): void {
    this.#writes = { ...this.#writes, [kind]: this.#writes[kind] + 1 };
  }
}

/** A checkout, finished or not, is tentative: its status is not reliable. */
function statusOf({ state }: StudioBooking): BookingStatus {
  if (state === 'live') return 'live';
  return state === 'canceled' || state === 'rescheduled' ? 'dead' : 'unknown';
}

/** Whole minutes, as in the API. */
function slotOf({ resourceUnitId, start, end }: BookingSlot): { unit: UnitId; start: Instant; end: Instant } {
  return { unit: resourceUnitId, start, end: start + Math.max(1, Math.round((end - start) / MINUTE)) * MINUTE };
}

function failure(method: string, refused: StudioRefusal['refused'], reason: string): SyncError {
  const kind = KIND_OF_REFUSAL[refused];
  return { kind, system: 'uschedule', method, message: `${method}: ${reason}`, reason };
}
