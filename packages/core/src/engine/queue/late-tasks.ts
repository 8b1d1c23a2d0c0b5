import { MINUTE, type Instant } from '../../domain/instant.js';
import type { ClaimRequest } from '../../ports/sync-store.js';
import type { Timing } from '../../rules/timing.js';

const EVERY_MS: number = MINUTE;

/**
 * Tasks that are due, or claimed until, later than any task waits: they were stored while the clock was ahead, and would wait
 * for that time (docs/decision-table.md#echoes-and-loops). They are claimed once a minute, so that a wait that is longer than
 * computed causes one more check, and no loop.
 */
export class LateTasks {
  readonly #timing: Pick<Timing, 'longestWaitMs'>;
  #claimedAt: Instant = -Infinity;

  constructor(timing: Pick<Timing, 'longestWaitMs'>) {
    this.#timing = timing;
  }

  /** Returns the times of a claim, which includes these tasks if they are due for a check. */
  claimAt(now: Instant): Pick<ClaimRequest, 'now' | 'latestDueAt'> {
    if (Math.abs(now - this.#claimedAt) < EVERY_MS) return { now };
    this.#claimedAt = now;
    return { now, latestDueAt: now + this.#timing.longestWaitMs };
  }
}
