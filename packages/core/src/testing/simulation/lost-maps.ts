import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { MINUTE, type Instant } from '../../domain/instant.js';
import type { BookingSlot } from '../../ports/booking-system.js';
import type { BayPlan } from './bay-plan.js';

type Maps = readonly BookingEventMap[];

/** Time in which a map of a backup may lead to a write. */
const RESTORED_SHOWS_MS: number = 40 * MINUTE;

/**
 * The maps of a database that was emptied while its replicas run. A worker that has claimed a task before continues with the
 * map that it has read until its claim expires, because a claim cannot be renewed after the loss.
 */
export class LostMaps {
  readonly #plan: BayPlan;
  readonly #leaseMs: number;
  #maps: ReadonlyMap<string, BookingEventMap> = new Map();
  #lostAt = -Infinity;
  #restoredAt = -Infinity;

  constructor(plan: BayPlan, leaseMs: number) {
    this.#plan = plan;
    this.#leaseMs = leaseMs;
  }

  /** Call before the database is emptied. */
  note(maps: ReadonlyMap<string, BookingEventMap>, now: Instant): void {
    this.#maps = new Map(maps);
    this.#lostAt = now;
  }

  /** Call after a restore from a backup. */
  restored(now: Instant): void {
    this.#restoredAt = now;
  }

  /** Do maps of a backup lead to writes? */
  areOutdated(now: Instant): boolean {
    return now < this.#restoredAt + RESTORED_SHOWS_MS;
  }

  /** Returns the stored maps; if there are none, the lost one of a cancellation that was sent then. */
  orOfCancellation(stored: Maps, appointmentId: string, sentAt: Instant): Maps {
    if (stored.length > 0) return stored;
    return this.#of(appointmentId, sentAt).filter(({ status }) => status === 'ACTIVE');
  }

  /** The same for a move: its intent had been stored. */
  orOfMove(stored: Maps, appointmentId: string, to: BookingSlot, sentAt: Instant): Maps {
    if (stored.length > 0) return stored;
    return this.#of(appointmentId, sentAt).filter(
      ({ intent }) =>
        intent?.kind === 'reschedule' &&
        intent.start === to.start &&
        intent.end === to.end &&
        this.#plan.unitOfName(intent.bay) === to.resourceUnitId,
    );
  }

  #of(appointmentId: string, sentAt: Instant): Maps {
    const lost = this.#maps.get(appointmentId);
    return lost && sentAt < this.#lostAt + this.#leaseMs ? [lost] : [];
  }
}
