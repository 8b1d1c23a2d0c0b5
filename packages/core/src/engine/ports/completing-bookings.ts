import type { Content } from '../../domain/content.js';
import type { UnitId } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking, BookingList } from '../../domain/booking.js';
import { HOUR, type Instant, type Period } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { BOOKING_PORT } from '../../ports/port-methods.js';
import type { BookingSlot, BookingSystem, BookRequest } from '../../ports/booking-system.js';
import { Err, Ok, type Result } from '../../result.js';
import {
  areNotesLost,
  completeBooking,
  isSameReading,
  needsBase,
  type PreviousBooking,
} from '../../rules/complete-booking.js';
import { replacedBy } from '../../rules/rebook-marker.js';
import { previousBooking } from '../../rules/reused-id.js';
import type { EngineParts } from '../engine-parts.js';

type Parts = Pick<EngineParts, 'bookings' | 'store' | 'clock' | 'settings' | 'rules' | 'windowAt'>;

/** A reading, with the state that completes later ones. */
interface Remembered {
  readonly reading: Booking;
  nullNotes: number;
  at: Instant;
  /** Number of the latest poll that listed it. 0: none. */
  poll: number;
}

const NO_MAPS: ReadonlyMap<string, BookingEventMap> = new Map();

/** Maximum difference of the lengths of local days: a list shorter than the window by more is no poll. */
const DAY_SLACK_MS: number = 2 * HOUR;

/** Maximum readings by id of appointments that no poll lists. The next poll removes them. */
const UNLISTED_KEPT = 1000;

/**
 * Port decorator: completes bookings whose record lacks fields, by `rules/complete-booking.ts`. Caches the latest reading of
 * each listed appointment in memory. Reads the store only for records that lack fields.
 */
export class CompletingBookings implements BookingSystem {
  readonly #parts: Parts;
  readonly #remembered = new Map<string, Remembered>();
  #polls = 0;
  #unremembered = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the latest reading of an appointment in this process. Null if there is none. */
  latest(appointmentId: string): Booking | null {
    return this.#remembered.get(appointmentId)?.reading ?? null;
  }

  /** Returns the readings of the latest poll, and later ones by id. */
  allLatest(): readonly Booking[] {
    return [...this.#remembered.values()].map(({ reading }) => reading);
  }

  async listBookings(period: Period): Promise<Result<BookingList, SyncError>> {
    const at = this.#parts.clock.now();
    const list = await this.#parts.bookings.listBookings(period);
    if (list.err) return list;
    const read = list.val.bookings;
    const maps = read.some((booking) => needsBase(booking, this.latest(booking.appointmentId)))
      ? await this.#mapsOf(period)
      : Ok(NO_MAPS);
    if (maps.err) return maps;
    const previousOf = (booking: Booking): PreviousBooking =>
      this.#previous(booking, maps.val.get(booking.appointmentId) ?? null);
    const originalOf = (booking: Booking): Content | null =>
      maps.val.size === 0 ? null : (maps.val.get(replacedBy(booking) ?? '')?.base ?? null);
    const isPoll = this.#isPoll(period, at);
    const context = { templates: this.#parts.settings.google, isPoll, areNotesLost: areNotesLost(read, previousOf) };
    const poll = isPoll ? ++this.#polls : 0;
    const changes = new Map<string, Remembered>();
    const bookings = read.map((booking) => {
      const { appointmentId } = booking;
      // Almost all records of a poll are unchanged.
      const latest = this.#remembered.get(appointmentId);
      if (latest && isSameReading(booking, latest.reading)) {
        latest.at = at;
        if (isPoll) {
          latest.nullNotes = 0;
          latest.poll = poll;
        }
        return latest.reading;
      }
      const previous = { ...previousOf(booking), originalBase: originalOf(booking) };
      const completed = completeBooking(booking, previous, context);
      changes.set(appointmentId, { reading: completed.booking, nullNotes: completed.nullNotes, at, poll });
      return completed.booking;
    });
    for (const [appointmentId, change] of changes) this.#remembered.set(appointmentId, change);
    if (isPoll) this.#forgetUnlisted(poll);
    return Ok({ bookings, unreadable: list.val.unreadable });
  }

  async getBooking(appointmentId: string): Promise<Result<Booking, SyncError>> {
    const at = this.#parts.clock.now();
    const read = await this.#parts.bookings.getBooking(appointmentId);
    if (read.err) return read;
    const known = await this.#previousOfOne(read.val);
    if (known.err) return known;
    const context = { templates: this.#parts.settings.google, isPoll: false, areNotesLost: false };
    const { booking, nullNotes } = completeBooking(read.val, known.val, context);
    const remembered = this.#remembered.get(appointmentId);
    const isLatest = remembered ? remembered.at <= at : this.#unremembered++ < UNLISTED_KEPT;
    if (isLatest) this.#remembered.set(appointmentId, { reading: booking, nullNotes, at, poll: 0 });
    return Ok(booking);
  }

  listFreeSlots(
    resourceUnitId: UnitId,
    day: Instant,
    minutes?: number,
  ): Promise<Result<readonly Instant[], SyncError>> {
    return this.#parts.bookings.listFreeSlots(resourceUnitId, day, minutes);
  }

  cancelBooking(appointmentId: string): Promise<Result<void, SyncError>> {
    return this.#parts.bookings.cancelBooking(appointmentId);
  }

  rescheduleBooking(appointmentId: string, to: BookingSlot): Promise<Result<string, SyncError>> {
    const { bookings } = this.#parts;
    if (bookings.rescheduleBooking) return bookings.rescheduleBooking(appointmentId, to);
    const message = 'the booking system cannot reschedule';
    const system = bookings.system ?? BOOKING_PORT.system;
    return Promise.resolve(Err({ kind: 'refused', system, method: 'rescheduleBooking', message }));
  }

  book(request: BookRequest): Promise<Result<string, SyncError>> {
    return this.#parts.bookings.book(request);
  }

  /**
   * Returns the known state of one appointment whose record was read by its id. A name that neither this process nor the map
   * contains is read from the list of that day.
   */
  async #previousOfOne(booking: Booking): Promise<Result<PreviousBooking, SyncError>> {
    const { appointmentId, missing, start, resourceUnitId } = booking;
    if (!missing && !needsBase(booking, this.latest(appointmentId))) return Ok(this.#previous(booking, null));
    const map = await this.#parts.store.getMap(appointmentId);
    if (map.err) return map;
    const known = this.#previous(booking, map.val);
    if (!missing) return this.#withOriginal(known, booking);
    const hasName = known.base !== null || (known.reading !== null && !known.reading.missing?.customerName);
    const isOurs = this.#parts.rules.routing.ofUnit(resourceUnitId) !== null;
    if (!missing.customerName || hasName || !isOurs) return Ok(known);
    const list = await this.#parts.bookings.listBookings({ from: start, to: start + 1 });
    if (list.err) return list;
    const listed = list.val.bookings.find((it) => it.appointmentId === appointmentId);
    return Ok(listed ? { ...known, reading: listed } : known);
  }

  async #withOriginal(known: PreviousBooking, booking: Booking): Promise<Result<PreviousBooking, SyncError>> {
    const original = await this.#parts.store.getMap(replacedBy(booking) ?? '');
    return original.err ? original : Ok({ ...known, originalBase: original.val?.base ?? null });
  }

  #forgetUnlisted(poll: number): void {
    this.#unremembered = 0;
    for (const [appointmentId, remembered] of this.#remembered) {
      if (remembered.poll !== poll) this.#remembered.delete(appointmentId);
    }
  }

  #previous(booking: Booking, map: BookingEventMap | null): PreviousBooking {
    const latest = this.#remembered.get(booking.appointmentId) ?? null;
    return previousBooking(booking, latest, map, this.#parts.rules.timing.recordTimeSlackMs);
  }

  async #mapsOf(period: Period): Promise<Result<ReadonlyMap<string, BookingEventMap>, SyncError>> {
    const maps = await this.#parts.store.listMaps({ period });
    return maps.err ? maps : Ok(new Map(maps.val.map((map) => [map.uscheduleAppointmentId, map])));
  }

  #isPoll({ from, to }: Period, at: Instant): boolean {
    const window = this.#parts.windowAt(at);
    return to - from >= window.to - window.from - DAY_SLACK_MS;
  }
}
