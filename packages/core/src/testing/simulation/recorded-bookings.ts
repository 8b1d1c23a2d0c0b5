import type { UnitId } from '../../domain/bay.js';
import type { Booking, BookingList } from '../../domain/booking.js';
import { SECOND, type Instant, type Period } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { BookingSlot, BookingSystem, BookRequest } from '../../ports/booking-system.js';
import { Ok, type Result } from '../../result.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { Faults } from './faults.js';
import type { SeededRandom } from './seeded-random.js';

/** Maximum age of an outdated answer: less than the echo window. */
export const STALEST_MS: number = 8 * SECOND;

/** A booking system that sometimes serves an answer that is a few seconds old, or a list that is empty or cut in half. */
export class RecordedBookings implements BookingSystem {
  readonly system = 'uschedule';
  readonly #bookings: MemoryBookings;
  readonly #faults: Faults;
  readonly #random: SeededRandom;
  readonly #now: () => Instant;
  /** Earlier versions of records, each with the time of its replacement. */
  readonly #earlier = new Map<string, { readonly until: Instant; readonly booking: Booking | null }[]>();
  #known = new Map<string, Booking>();

  constructor(bookings: MemoryBookings, faults: Faults, random: SeededRandom, now: () => Instant) {
    this.#bookings = bookings;
    this.#faults = faults;
    this.#random = random;
    this.#now = now;
  }

  /** Call after every change: records the previous versions. */
  async remember(): Promise<void> {
    const list = await this.#bookings.listBookings({ from: 0, to: Number.MAX_SAFE_INTEGER / 4 });
    if (list.err) return;
    const now = this.#now();
    const current = new Map(list.val.bookings.map((booking) => [booking.appointmentId, booking]));
    for (const [id, booking] of current) {
      const before = this.#known.get(id) ?? null;
      if (JSON.stringify(before) === JSON.stringify(booking)) continue;
      const versions = (this.#earlier.get(id) ?? []).filter(({ until }) => until > now - STALEST_MS);
      this.#earlier.set(id, [...versions, { until: now, booking: before }]);
    }
    this.#known = current;
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const at = this.#readingTime();
    if (this.#faults.lasts('empty-list')) return Ok({ bookings: [], unreadable: [] });
    const list = await this.#bookings.listBookings(period);
    if (list.err) return list;
    let { bookings } = list.val;
    if (this.#faults.lasts('half-list')) bookings = bookings.filter((_, index) => index % 2 === 0);
    const served = bookings.flatMap((booking) => this.#versionAt(booking, at) ?? []);
    const isGarbled = ({ appointmentId }: Booking): boolean => this.#faults.strikes('garbled-record', appointmentId);
    return Ok({
      bookings: served.filter((booking) => !isGarbled(booking)),
      unreadable: served
        .filter(isGarbled)
        .map(({ appointmentId }) => ({ appointmentId, problem: 'it makes no sense' })),
    });
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    const at = this.#readingTime();
    const read = await this.#bookings.getBooking(appointmentId);
    return read.err ? read : Ok(this.#versionAt(read.val, at) ?? read.val);
  }

  listFreeSlots(resourceUnitId: UnitId, day: Instant): Promise<Result<readonly Instant[], SyncError>> {
    return this.#bookings.listFreeSlots(resourceUnitId, day);
  }

  cancelBooking(appointmentId: string): Promise<Result<void, SyncError>> {
    return this.#bookings.cancelBooking(appointmentId);
  }

  rescheduleBooking(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>> {
    return this.#bookings.rescheduleBooking(appointmentId, to);
  }

  book(request: BookRequest): Promise<Result<string, SyncError>> {
    return this.#bookings.book(request);
  }

  /** Returns the time of the content of an answer. */
  #readingTime(): Instant {
    const age = this.#random.int(1, STALEST_MS);
    return this.#faults.isStale() ? this.#now() - age : this.#now();
  }

  /** Returns the record at that time, or null if it did not exist yet. */
  #versionAt(booking: Booking, at: Instant): Booking | null {
    const earlier = this.#earlier.get(booking.appointmentId)?.find(({ until }) => until > at);
    return earlier ? earlier.booking : booking;
  }
}
