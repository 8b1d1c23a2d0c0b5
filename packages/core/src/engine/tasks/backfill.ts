import { SECOND, type Instant } from '../../domain/instant.js';
import type { Clock } from '../../ports/clock.js';
import type { CallQuota } from '../ports/call-quota.js';
import type { Work } from './work.js';

/** How long what a person does now may stand in line behind what a poll has found. */
const PATIENCE_MS: number = 10 * SECOND;

/**
 * When the work that one poll has found is due. All of it at once, unless it is more than the quota can take in a moment:
 * such a backfill comes in at the quota's own pace, so that whatever a person does meanwhile is due before the rest of it,
 * and no task is held under a lease only to wait for its turn.
 */
export class Backfill {
  readonly #clock: Clock;
  readonly #quota: Pick<CallQuota, 'unitMs' | 'burst'>;
  /** When the next one would be due if there had been no burst. */
  #nextAt: Instant = 0;

  constructor(clock: Clock, quota: Pick<CallQuota, 'unitMs' | 'burst'>) {
    this.#clock = clock;
    this.#quota = quota;
  }

  /** The works of one poll with their times; those whose booking begins sooner come first. */
  schedule(works: readonly Work[]): readonly { readonly work: Work; readonly dueAt: Instant }[] {
    const now = this.#clock.now();
    const { unitMs, burst } = this.#quota;
    if (works.length * unitMs <= PATIENCE_MS) return works.map((work) => ({ work, dueAt: now }));
    return works.toSorted(bySoonest).map((work) => {
      this.#nextAt = Math.max(this.#nextAt, now - burst * unitMs) + unitMs;
      return { work, dueAt: Math.max(now, Math.floor(this.#nextAt)) };
    });
  }
}

function bySoonest(a: Work, b: Work): number {
  return startOf(a) - startOf(b);
}

/** What is not known to be a booking ahead is not in the way of one. */
function startOf({ seen }: Work): number {
  return seen.booking?.booking?.start ?? Number.MAX_SAFE_INTEGER;
}
