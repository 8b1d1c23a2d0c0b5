import type { UnitId } from '../../domain/bay.js';
import type { Booking, BookingList, OptionalField, MissingKind } from '../../domain/booking.js';
import { HOUR, MINUTE, SECOND, type Instant, type Period } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { BookingSlot, BookingSystem, BookRequest } from '../../ports/booking-system.js';
import { Ok, type Result } from '../../result.js';
import type { MemoryBookings } from '../memory-bookings.js';
import type { Faults } from './faults.js';
import type { SeededRandom } from './seeded-random.js';

/** Maximum age of an outdated answer: less than the echo window. */
export const STALEST_MS: number = 8 * SECOND;

/** Time in which an answer of a frozen list or record may lead to a write. */
const FROZEN_SHOWS_MS: number = 40 * MINUTE;
/** Time in which a list that lacked bookings may lead to a write. */
const HIDDEN_SHOWS_MS: number = 5 * MINUTE;
/** Time in which a record without its end may lead to a write. */
const LACKING_SHOWS_MS: number = 5 * MINUTE;
/** The omitted fields of records, by world. */
const LACKING: readonly (readonly OptionalField[])[] = [
  ['end'],
  ['customerName'],
  ['end', 'customerName'],
  ['end', 'customerName', 'notes'],
];

/**
 * A booking system that sometimes serves an answer that is a few seconds old, a list that is empty or cut in half, records
 * that lack fields, or for some minutes the same list, or the same records by id, as at the beginning of these minutes.
 */
export class RecordedBookings implements BookingSystem {
  readonly system = 'uschedule';
  readonly #bookings: MemoryBookings;
  readonly #faults: Faults;
  readonly #random: SeededRandom;
  readonly #now: () => Instant;
  /** Earlier versions of records, each with the time of its replacement. */
  readonly #earlier = new Map<string, { readonly until: Instant; readonly booking: Booking | null }[]>();
  #previous = new Map<string, Booking>();
  #frozen: { readonly what: 'list' | 'record'; readonly since: Instant } = { what: 'list', since: 0 };
  #lackedEndAt = -Infinity;
  #hidAt = -Infinity;
  #lacking: { readonly fields: readonly OptionalField[]; readonly how: MissingKind } = { fields: [], how: 'null' };

  constructor(bookings: MemoryBookings, faults: Faults, random: SeededRandom, now: () => Instant) {
    this.#bookings = bookings;
    this.#faults = faults;
    this.#random = random;
    this.#now = now;
  }

  /** Were outdated answers served for minutes, a short time ago? */
  get wasFrozen(): boolean {
    return this.#frozen.since > 0 && this.#now() - this.#frozen.since < FROZEN_SHOWS_MS;
  }

  /** Were bookings that had just been made missing from a list and by their id, a short time ago? */
  get hidesBookings(): boolean {
    return this.#now() - this.#hidAt < HIDDEN_SHOWS_MS;
  }

  /** Were records served without their end, a short time ago? */
  get lackedEnd(): boolean {
    return this.#now() - this.#lackedEndAt < LACKING_SHOWS_MS;
  }

  /** Call at the beginning of a fault. */
  begin(kind: 'list-disagrees' | 'missing-fields', random: SeededRandom): void {
    if (kind === 'list-disagrees') {
      this.#frozen = { what: random.chance(0.5) ? 'list' : 'record', since: this.#now() };
    } else {
      this.#lacking = { fields: random.pick(LACKING) ?? [], how: random.chance(0.5) ? 'null' : 'absent' };
    }
  }

  /** Call after every change: records the previous versions. */
  async remember(): Promise<void> {
    const list = await this.#bookings.listBookings({ from: 0, to: Number.MAX_SAFE_INTEGER / 4 });
    if (list.err) return;
    const now = this.#now();
    const kept = this.#faults.lasts('list-disagrees') ? this.#frozen.since - 1 : now;
    const current = new Map(list.val.bookings.map((booking) => [booking.appointmentId, booking]));
    for (const [id, booking] of current) {
      const before = this.#previous.get(id) ?? null;
      if (JSON.stringify(before) === JSON.stringify(booking)) continue;
      const versions = (this.#earlier.get(id) ?? []).filter(({ until }) => until > Math.min(kept, now - STALEST_MS));
      this.#earlier.set(id, [...versions, { until: now, booking: before }]);
    }
    this.#previous = current;
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const at = this.#frozenSince('list') ?? this.#readingTime();
    const isIncomplete = this.#faults.lasts('empty-list') || this.#faults.lasts('half-list');
    if (isIncomplete && this.#frozenSince('record') !== null) this.#hidAt = this.#now();
    if (this.#faults.lasts('empty-list')) return Ok({ bookings: [], unreadable: [] });
    const list = await this.#bookings.listBookings(period);
    if (list.err) return list;
    let { bookings } = list.val;
    if (this.#faults.lasts('half-list')) bookings = bookings.filter((_, index) => index % 2 === 0);
    const served = bookings.flatMap((booking) => this.#versionAt(booking, at) ?? []);
    const isGarbled = ({ appointmentId }: Booking): boolean => this.#faults.strikes('garbled-record', appointmentId);
    return Ok({
      bookings: served.filter((booking) => !isGarbled(booking)).map((booking) => this.#served(booking)),
      unreadable: served
        .filter(isGarbled)
        .map(({ appointmentId }) => ({ appointmentId, problem: 'it makes no sense' })),
    });
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    const since = this.#frozenSince('record');
    const at = since ?? this.#readingTime();
    const read = await this.#bookings.getBooking(appointmentId);
    if (read.err) return read;
    const version = this.#versionAt(read.val, at);
    if (version === null && since !== null) return this.#bookings.getBooking('0');
    return Ok(this.#served(version ?? read.val));
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

  /** Returns the time of the answers while they do not change, or null. */
  #frozenSince(what: 'list' | 'record'): Instant | null {
    const { what: frozen, since } = this.#frozen;
    return frozen === what && this.#faults.lasts('list-disagrees') ? since : null;
  }

  #served(booking: Booking): Booking {
    if (!this.#faults.lasts('missing-fields')) return booking;
    const { fields, how } = this.#lacking;
    if (fields.includes('end')) this.#lackedEndAt = this.#now();
    return {
      ...booking,
      missing: Object.fromEntries(fields.map((field) => [field, how])),
      ...(fields.includes('customerName') ? { customerName: '' } : {}),
      ...(fields.includes('notes') ? { notes: '' } : {}),
      ...(fields.includes('end') ? { end: booking.start + HOUR } : {}),
    };
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
