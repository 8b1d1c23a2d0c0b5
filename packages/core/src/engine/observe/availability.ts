import type { UnitId } from '../../domain/bay.js';
import type { Booking } from '../../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { startOfDay } from '../../domain/zoned-time.js';
import { Ok, type Result } from '../../result.js';
import { readingOf, type SlotReading } from '../../rules/liveness.js';
import { chooseUnitDays, type UnitDay } from '../../rules/unit-days.js';
import type { EngineParts } from '../engine-parts.js';

/** Maximum calls per poll. The rest waits for the next polls in rotation. */
const CALLS_PER_POLL = 24;
const DAYS_KEPT = 50_000;
/** Number of days without any slot after which a unit without slots so far is reported. */
const EMPTY_DAYS_REPORTED = 3;

/** Free starts of the unit-days that were read, by their key. Inconclusive answers are not included. */
export type Readings = ReadonlyMap<string, readonly Instant[]>;

/** The result of one poll. */
export interface AskedAvailability {
  readonly read: Readings;
  /** Failed calls, as sentences. */
  readonly warnings: readonly string[];
  /** Units that have never shown a slot, as sentences. */
  readonly notes: readonly string[];
}

/** The evidence for the status of a booking. */
export type InferringParts = Pick<EngineParts, 'bookings' | 'store' | 'clock' | 'settings' | 'timeZones' | 'rules'>;

/**
 * Reads free slots as evidence in blind mode (docs/uschedule.md#lesson-2). For a unit that has never shown a slot, an answer
 * without slots is inconclusive: its service may be wrong.
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

  /** Returns the unit-day of a booking's slot. */
  unitDayOf(
    { resourceUnitId, start, end }: Booking,
    why: Pick<UnitDay, 'needsConfirmation' | 'blocksCreation'>,
  ): UnitDay {
    const day = this.#dayOf(start);
    const minutes = Math.max(1, Math.floor((end - start) / MINUTE));
    return { key: `${resourceUnitId}:${day}`, resourceUnitId, day, minutes, ...why };
  }

  /** Makes one call for each selected unit-day. A failed call is no evidence. */
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
    // A slot on any day makes the other answers of the unit conclusive.
    const units = new Map(chosen.map(({ key, resourceUnitId }) => [key, resourceUnitId]));
    for (const [key, slots] of read) if (this.#provesNothing(units.get(key) ?? '', slots)) read.delete(key);
    const warnings = [...failed].map(([message, count]) => `availability of ${count} days cannot be read: ${message}`);
    return { read, warnings, notes: this.#unitsWithoutSlots() };
  }

  /** Returns the evidence of one call about one booking's slot. */
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

  /** A unit that has never shown a slot may be fully booked on these days: one other day of it is read too. */
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

  /** Returns the next future day that was not read yet. After all of them, tomorrow again. */
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
    const { urgentMinutes } = this.#parts.settings.uschedule;
    return [...this.#empty].flatMap(([unit, days]) => {
      const bay = this.#parts.rules.routing.ofUnit(unit);
      if (!bay || days.size < EMPTY_DAYS_REPORTED) return [];
      const service = bay.serviceId === undefined ? 'its service' : `service ${bay.serviceId}`;
      return [
        `bay ${bay.bay}: unit ${unit} offers no slot of ${service} on any of ${days.size} days, so cancelled bookings ` +
          `cannot be determined there, and new ones are mirrored only ${urgentMinutes} minutes before they start: ` +
          'compare bays[].serviceId with the services of the unit',
      ];
    });
  }

  /** Local days are slow to compute, and every poll needs the same starts. */
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
