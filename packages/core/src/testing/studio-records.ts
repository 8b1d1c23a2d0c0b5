import type { UnitId } from '../domain/bay.js';
import { DAY, type Instant } from '../domain/instant.js';
import type { StudioBooking } from './studio-booking.js';

/** The place of a booking. */
export interface StudioSlot {
  readonly unit: UnitId;
  readonly start: Instant;
  readonly end: Instant;
}

/** The records of a studio, which are never removed. */
export class StudioRecords {
  readonly #now: () => Instant;
  readonly #records = new Map<string, StudioBooking>();
  /** Ids by unit and day, so that a search for a free slot does not depend on the number of bookings. */
  readonly #idsByDay = new Map<string, Set<string>>();

  constructor(now: () => Instant) {
    this.#now = now;
  }

  get(id: string): StudioBooking | null {
    const record = this.#records.get(id);
    return record ? this.#current(record) : null;
  }

  /** Returns all records, in order of creation. */
  all(): readonly StudioBooking[] {
    return [...this.#records.values()].map((record) => this.#current(record));
  }

  save(record: StudioBooking): void {
    const before = this.#records.get(record.id);
    for (const day of before ? daysOf(before) : []) this.#idsByDay.get(day)?.delete(record.id);
    this.#records.set(record.id, record);
    for (const day of daysOf(record)) {
      const ids = this.#idsByDay.get(day);
      if (ids) ids.add(record.id);
      else this.#idsByDay.set(day, new Set([record.id]));
    }
  }

  /** Is the slot free of other bookings? */
  isFree(slot: StudioSlot, except: string | null): boolean {
    return !daysOf(slot).some((day) =>
      [...(this.#idsByDay.get(day) ?? [])].some((id) => id !== except && this.#holds(id, slot)),
    );
  }

  /** Does this booking block any part of the slot? */
  #holds(id: string, slot: StudioSlot): boolean {
    const booking = this.get(id);
    return (booking?.state === 'live' || booking?.state === 'checkout') && overlap(booking, slot);
  }

  /** The hold of a checkout ends by itself. */
  #current(record: StudioBooking): StudioBooking {
    const over = record.state === 'checkout' && record.holdUntil <= this.#now();
    return over ? { ...record, state: 'abandoned' } : record;
  }
}

/** Returns a key for each UTC day that a slot of a unit touches. */
function daysOf({ unit, start, end }: StudioSlot): readonly string[] {
  const first = Math.floor(start / DAY);
  const last = Math.max(first, Math.ceil(end / DAY) - 1);
  return Array.from({ length: last - first + 1 }, (_, index) => `${unit} ${first + index}`);
}

function overlap(a: StudioSlot, b: StudioSlot): boolean {
  return a.start < b.end && b.start < a.end;
}
