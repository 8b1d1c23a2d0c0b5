import type { UnitId } from '../../domain/bay.js';
import type { Booking } from '../../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { startOfDay } from '../../domain/zoned-time.js';
import { Ok, type Result } from '../../result.js';
import type { SlotReading } from '../../rules/liveness.js';
import { chooseUnitDays, type UnitDay } from '../../rules/unit-days.js';
import type { EngineParts } from '../engine-parts.js';

/** Calls in one poll, at most: what is left waits for the next polls in turn. */
const CALLS_PER_POLL = 24;
const DAYS_KEPT = 50_000;
/** Days without any slot after which a unit is reported that has never shown one. */
const EMPTY_DAYS_REPORTED = 3;

/** Free starts of the unit-days that were read, by their key. Answers that prove nothing are not among them. */
export type Readings = ReadonlyMap<string, readonly Instant[]>;

/** What one poll has read. */
export interface AskedAvailability {
  readonly read: Readings;
  /** Calls that failed, in words. */
  readonly warnings: readonly string[];
  /** Units that have never shown a slot, in words. */
  readonly notes: readonly string[];
}

/** What the status of a booking is inferred with. */
export type InferringParts = Pick<EngineParts, 'bookings' | 'store' | 'clock' | 'settings' | 'timeZones' | 'rules'>;

/**
 * Reads free slots as evidence in blind mode (docs/uschedule.md#lesson-2).
 * An answer without any slot proves nothing for a unit that has never shown one: it may be asked with a service that it
 * does not offer.
 */
export class Availability {
  readonly #parts: InferringParts;
  readonly #askedAt = new Map<string, Instant>();
  readonly #days = new Map<Instant, Instant>();
  /** Units that have shown a slot, by their id as text. */
  readonly #shown = new Set<string>();
  /** Days without any slot of the units that have never shown one. */
  readonly #empty = new Map<string, Set<Instant>>();

  constructor(parts: InferringParts) {
    this.#parts = parts;
  }

  /** The unit-day that holds a booking's slot. */
  unitDayOf(
    { resourceUnitId, start, end }: Booking,
    why: Pick<UnitDay, 'needsConfirmation' | 'blocksCreation'>,
  ): UnitDay {
    const day = this.#dayOf(start);
    const minutes = Math.max(1, Math.floor((end - start) / MINUTE));
    return { key: `${resourceUnitId}:${day}`, resourceUnitId, day, minutes, ...why };
  }

  /** One call for each of those whose turn it is. A call that fails says nothing of any booking. */
  async ask(unitDays: readonly UnitDay[]): Promise<AskedAvailability> {
    const read = new Map<string, readonly Instant[]>();
    const failed = new Map<string, number>();
    const chosen = chooseUnitDays(unitDays, this.#askedAt, CALLS_PER_POLL);
    await Promise.all(
      chosen.map(async (unitDay) => {
        const slots = await this.#askOne(unitDay);
        if (slots.ok) read.set(unitDay.key, slots.val);
        else failed.set(slots.val.message, (failed.get(slots.val.message) ?? 0) + 1);
      }),
    );
    await this.#askFurtherDays(chosen);
    // What a unit shows on any of the days makes its other answers count.
    const units = new Map(chosen.map(({ key, resourceUnitId }) => [key, resourceUnitId]));
    for (const [key, slots] of read) if (this.#provesNothing(units.get(key) ?? '', slots)) read.delete(key);
    const warnings = [...failed].map(([message, count]) => `availability of ${count} days cannot be read: ${message}`);
    return { read, warnings, notes: this.#unitsWithoutSlots() };
  }

  /** What one call says of one booking's slot. */
  async askFor(booking: Booking): Promise<Result<SlotReading, SyncError>> {
    const slots = await this.#askOne(this.unitDayOf(booking, { needsConfirmation: false, blocksCreation: false }));
    if (slots.err) return slots;
    return Ok(this.#provesNothing(booking.resourceUnitId, slots.val) ? 'unseen' : readingOf(booking, slots.val));
  }

  slotOf(booking: Booking, readings: Readings): SlotReading {
    if (readings.size === 0) return 'unseen';
    const free = readings.get(this.unitDayOf(booking, { needsConfirmation: false, blocksCreation: false }).key);
    return free ? readingOf(booking, free) : 'unseen';
  }

  async #askOne({ key, resourceUnitId, day, minutes }: UnitDay): Promise<Result<readonly Instant[], SyncError>> {
    const slots = await this.#parts.bookings.listFreeSlots(resourceUnitId, day, minutes);
    this.#askedAt.set(key, this.#parts.clock.now());
    if (slots.ok) this.#note(resourceUnitId, day, slots.val);
    return slots;
  }

  /** A unit that has never shown a slot may be booked up on the days asked: one other day of it is asked too. */
  async #askFurtherDays(chosen: readonly UnitDay[]): Promise<void> {
    const silent = new Map(
      chosen
        .filter(({ resourceUnitId }) => this.#isSilent(resourceUnitId))
        .map((it) => [String(it.resourceUnitId), it]),
    );
    await Promise.all(
      [...silent.values()].map(async ({ resourceUnitId, minutes }) => {
        const day = this.#furtherDay(resourceUnitId);
        const slots = await this.#parts.bookings.listFreeSlots(resourceUnitId, day, minutes);
        if (slots.ok) this.#note(resourceUnitId, day, slots.val);
      }),
    );
  }

  /** The next day ahead that was not asked yet; when all were, tomorrow again. */
  #furtherDay(unit: UnitId): Instant {
    const now = this.#parts.clock.now();
    const asked = this.#empty.get(String(unit)) ?? new Set();
    for (let ahead = 1; ahead < this.#parts.settings.uschedule.futureDays; ahead++) {
      const day = this.#dayOf(now + ahead * DAY);
      if (!asked.has(day)) return day;
    }
    return this.#dayOf(now + DAY);
  }

  #note(unit: UnitId, day: Instant, slots: readonly Instant[]): void {
    const key = String(unit);
    if (slots.length > 0) {
      this.#shown.add(key);
      this.#empty.delete(key);
    } else if (!this.#shown.has(key)) {
      this.#empty.set(key, (this.#empty.get(key) ?? new Set()).add(day));
    }
  }

  #provesNothing(unit: UnitId, slots: readonly Instant[]): boolean {
    return slots.length === 0 && !this.#shown.has(String(unit));
  }

  #isSilent(unit: UnitId): boolean {
    return this.#empty.has(String(unit));
  }

  #unitsWithoutSlots(): readonly string[] {
    return [...this.#empty].flatMap(([unit, days]) => {
      const bay = this.#parts.rules.routing.ofUnit(unit);
      if (!bay || days.size < EMPTY_DAYS_REPORTED) return [];
      const service = bay.serviceId === undefined ? 'its service' : `service ${bay.serviceId}`;
      return [
        `bay ${bay.bay}: unit ${unit} offers no slot of ${service} on any of ${days.size} days, so cancelled bookings ` +
          'cannot be told there: compare bays[].serviceId with the services of the unit',
      ];
    });
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

/** docs/decision-table.md#guards, "Blind": a free slot that begins within the record's time speaks against it, in any raster. */
function readingOf({ start, end }: Booking, free: readonly Instant[]): SlotReading {
  return free.some((slot) => slot >= start && slot < end) ? 'free' : 'not-free';
}
