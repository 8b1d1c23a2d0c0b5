import {
  Err,
  intlTimeZones,
  MINUTE,
  Ok,
  type Booking,
  type BookingSystem,
  type Instant,
  type Period,
  type Result,
  type SyncError,
  type SyncErrorKind,
  type TimeZones,
} from '@loft/sync-core';
import {
  toWallTime,
  type BookingList,
  type BookingSlot,
  type BookingStatus,
  type BookRequest,
  type UnitId,
} from '@loft/sync-core/adapters';
import type { ClubAnswer, ClubApi, LaneSlot, Reservation } from './club-api.js';

/** The booking status for each of the club's states. A draft proves nothing. */
const STATUS: Readonly<Record<Reservation['state'], BookingStatus>> = {
  CONFIRMED: 'live',
  DRAFT: 'unknown',
  WITHDRAWN: 'dead',
};

/** The error kind for each of the club's statuses. Any other status is transient. */
const KIND: Readonly<Record<number, SyncErrorKind>> = { 404: 'not-found', 409: 'refused', 503: 'transient' };

/**
 * Tee Time Club as a `BookingSystem`: the whole of an adapter. It turns words, times and errors into the core's and
 * decides nothing. It never throws; a call that repeats itself, or a timeout, would be made here too.
 */
export class ClubBookingSystem implements BookingSystem {
  readonly system = 'tee-time-club';
  readonly #club: ClubApi;
  readonly #timeZone: string;
  readonly #timeZones: TimeZones;

  constructor(club: ClubApi, timeZone: string, timeZones: TimeZones = intlTimeZones()) {
    this.#club = club;
    this.#timeZone = timeZone;
    this.#timeZones = timeZones;
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const lastInstant = Math.max(period.from, period.to - 1);
    const answer = await this.#club.reservations(this.#day(period.from), this.#day(lastInstant));
    const list = valueOf('reservations', answer);
    return list.map((reservations) => ({ bookings: reservations.map(bookingOf), unreadable: [] }));
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    return valueOf('reservation', await this.#club.reservation(appointmentId)).map(bookingOf);
  }

  async listFreeSlots(resourceUnitId: UnitId, day: Instant): Promise<Result<readonly Instant[], SyncError>> {
    const answer = await this.#club.openings(String(resourceUnitId), this.#day(day));
    return valueOf('openings', answer).map((starts) => starts.map((start) => Date.parse(start)));
  }

  async cancelBooking(appointmentId: string): Promise<Result<void, SyncError>> {
    return valueOf('withdraw', await this.#club.withdraw(appointmentId)).map(() => undefined);
  }

  async rescheduleBooking(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>> {
    return valueOf('change', await this.#club.change(appointmentId, laneSlot(to))).map(({ ref }) => ref);
  }

  async book(request: BookRequest): Promise<Result<string, SyncError>> {
    const { customerId, notes } = request;
    return valueOf('reserve', await this.#club.reserve(laneSlot(request), customerId, notes)).map(({ ref }) => ref);
  }

  /** The local day that holds an instant, as the club writes days. */
  #day(instant: Instant): string {
    const { year, month, day } = toWallTime(instant, this.#timeZone, this.#timeZones);
    return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  }
}

function bookingOf(reservation: Reservation): Booking {
  const { ref, state, lane, from, minutes, guest, remark, made } = reservation;
  const start = Date.parse(from);
  return {
    appointmentId: ref,
    status: STATUS[state],
    resourceUnitId: lane,
    start,
    end: start + minutes * MINUTE,
    customerName: guest.name,
    notes: remark,
    customerId: guest.no,
    createdAt: Date.parse(made),
  };
}

function laneSlot({ resourceUnitId, start, end }: BookingSlot): LaneSlot {
  return {
    lane: String(resourceUnitId),
    from: new Date(start).toISOString(),
    minutes: Math.round((end - start) / MINUTE),
  };
}

function valueOf<T>(method: string, answer: ClubAnswer<T>): Result<T, SyncError> {
  if (answer.status === 200) return Ok(answer.body);
  const { status, problem } = answer;
  const kind = KIND[status] ?? 'transient';
  return Err({ kind, system: 'tee-time-club', method, message: `${method}: ${problem}`, status, reason: problem });
}
