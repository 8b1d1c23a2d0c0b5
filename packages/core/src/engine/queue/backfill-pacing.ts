import { SECOND, type Instant } from '../../domain/instant.js';
import type { Clock } from '../../ports/clock.js';
import type { CallQuota } from '../ports/call-quota.js';
import type { Change } from './appointment-state.js';

/** Maximum time for which a poll's work may use the whole quota. Longer work is a backfill. */
const LONGEST_BURST_MS: number = 10 * SECOND;

type Quota = Pick<CallQuota, 'unitMs' | 'burst'>;

/**
 * Sets the due times of the work of one poll. All of it is due at once, unless the quota needs longer than
 * `LONGEST_BURST_MS`. Such a backfill is due at the pace of the quota, so that a user's change is due before the rest of it,
 * and no task holds a lease only to wait for the quota.
 */
export class BackfillPacing {
  readonly #clock: Clock;
  readonly #quota: Quota;
  /** When the next item would be due without a burst. */
  #nextAt: Instant = 0;
  /** Time of the last poll. */
  #scheduledAt: Instant = 0;

  constructor(clock: Clock, quota: Quota) {
    this.#clock = clock;
    this.#quota = quota;
  }

  /** Returns the changes of one poll with their due times. Bookings that start sooner come first. */
  schedule(changes: readonly Change[]): readonly Change[] {
    const now = this.#clock.now();
    const { unitMs, burst } = this.#quota;
    // The clock was ahead, and is corrected.
    if (now < this.#scheduledAt) this.#nextAt = 0;
    this.#scheduledAt = now;
    if (changes.length * unitMs <= LONGEST_BURST_MS) return changes;
    return changes.toSorted(byStart).map((change) => {
      this.#nextAt = Math.max(this.#nextAt, now - burst * unitMs) + unitMs;
      return { ...change, dueAt: Math.max(now, Math.floor(this.#nextAt)) };
    });
  }
}

function byStart(a: Change, b: Change): number {
  return startOf(a) - startOf(b);
}

/** An item without an observed booking comes last. */
function startOf({ item }: Change): number {
  return item.observed.booking?.booking?.start ?? Number.MAX_SAFE_INTEGER;
}
