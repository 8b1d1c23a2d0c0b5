import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { startOfDay } from '../../domain/zoned-time.js';
import { Ok, type Result } from '../../result.js';
import { chooseUnitDays, type SlotReading, type UnitDay } from '../../rules/liveness.js';
import type { EngineParts } from '../engine-parts.js';

/** Calls in one poll, at most: what is left waits for the next polls in turn. */
const CALLS_PER_POLL = 24;
const DAYS_KEPT = 50_000;

/** Free starts of the unit-days that were read, by their key. */
export type Readings = ReadonlyMap<string, ReadonlySet<Instant>>;

/** Asks the witness of blind mode (docs/uschedule.md#lesson-2), and keeps in mind whom it has asked about. */
export class Availability {
  readonly #parts: Pick<EngineParts, 'bookings' | 'clock' | 'settings' | 'timeZones'>;
  readonly #askedAt = new Map<string, Instant>();
  readonly #days = new Map<Instant, Instant>();

  constructor(parts: Pick<EngineParts, 'bookings' | 'clock' | 'settings' | 'timeZones'>) {
    this.#parts = parts;
  }

  /** The unit-day that holds a booking's slot. */
  unitDayOf({ resourceUnitId, start }: Booking, why: Pick<UnitDay, 'suspicious' | 'awaited'>): UnitDay {
    const day = this.#dayOf(start);
    return { key: `${resourceUnitId}:${day}`, resourceUnitId, day, ...why };
  }

  /** One call for each of those whose turn it is; a call that fails says nothing about anybody. */
  async ask(unitDays: readonly UnitDay[]): Promise<{ readonly read: Readings; readonly warnings: readonly string[] }> {
    const read = new Map<string, ReadonlySet<Instant>>();
    const failed = new Map<string, number>();
    await Promise.all(
      chooseUnitDays(unitDays, this.#askedAt, CALLS_PER_POLL).map(async (unitDay) => {
        const slots = await this.#askOne(unitDay);
        if (slots.ok) read.set(unitDay.key, slots.val);
        else failed.set(slots.val.message, (failed.get(slots.val.message) ?? 0) + 1);
      }),
    );
    const warnings = [...failed].map(([message, count]) => `availability of ${count} days cannot be read: ${message}`);
    return { read, warnings };
  }

  /** What one call says of one booking's slot. */
  async askFor(booking: Booking): Promise<Result<SlotReading, SyncError>> {
    const slots = await this.#askOne(this.unitDayOf(booking, { suspicious: false, awaited: false }));
    return slots.err ? slots : Ok(slots.val.has(booking.start) ? 'free' : 'not-free');
  }

  slotOf(booking: Booking, readings: Readings): SlotReading {
    if (readings.size === 0) return 'unseen';
    const free = readings.get(this.unitDayOf(booking, { suspicious: false, awaited: false }).key);
    if (!free) return 'unseen';
    return free.has(booking.start) ? 'free' : 'not-free';
  }

  async #askOne({ key, resourceUnitId, day }: UnitDay): Promise<Result<ReadonlySet<Instant>, SyncError>> {
    const slots = await this.#parts.bookings.listFreeSlots(resourceUnitId, day);
    this.#askedAt.set(key, this.#parts.clock.now());
    return slots.err ? slots : Ok(new Set(slots.val));
  }

  /** Local days are slow to work out, and the same starts come with every poll. */
  #dayOf(start: Instant): Instant {
    let day = this.#days.get(start);
    if (day === undefined) {
      if (this.#days.size > DAYS_KEPT) this.#days.clear();
      const { settings, timeZones } = this.#parts;
      day = startOfDay(start, settings.timeZone, timeZones);
      this.#days.set(start, day);
    }
    return day;
  }
}
