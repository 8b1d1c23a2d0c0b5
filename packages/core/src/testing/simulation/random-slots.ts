import { HOUR, type Instant } from '../../domain/instant.js';
import type { UnitId } from '../../domain/bay.js';
import type { BayPlan } from './bay-plan.js';
import type { SeededRandom } from './seeded-random.js';

/** Bookings are on the next days and few slots, so that acts conflict. */
const DAYS_AHEAD = 4;
const FIRST_HOUR_AHEAD = 30;
/** Probability that a user books a unit without a route. */
const OTHER_UNIT_SHARE = 0.06;

export interface Slot {
  readonly unit: UnitId;
  readonly start: Instant;
  readonly end: Instant;
}

export interface RandomSlotsOptions {
  readonly plan: BayPlan;
  /** Can be booked, and has no calendar. */
  readonly otherUnit: UnitId;
  readonly now: () => Instant;
}

/** The slots that users choose. */
export class RandomSlots {
  readonly #options: RandomSlotsOptions;

  constructor(options: RandomSlotsOptions) {
    this.#options = options;
  }

  slot(random: SeededRandom, unit?: UnitId): Slot {
    const hour = Math.ceil(this.#options.now() / HOUR) + FIRST_HOUR_AHEAD + random.int(0, DAYS_AHEAD * 24);
    const start = hour * HOUR;
    return { unit: unit ?? this.bay(random), start, end: start + HOUR };
  }

  bay(random: SeededRandom): UnitId {
    return random.pick(this.#options.plan.open)?.resourceUnitId ?? this.#options.otherUnit;
  }

  unitToBook(random: SeededRandom): UnitId {
    return random.chance(OTHER_UNIT_SHARE) ? this.#options.otherUnit : this.bay(random);
  }
}
