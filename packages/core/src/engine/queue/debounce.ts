import { SECOND, type Instant } from '../../domain/instant.js';

/** The interval after work that found a change … */
const SHORTEST_INTERVAL_MS: number = SECOND / 2;
/** … and its maximum: it doubles each time the work found none. */
const LONGEST_INTERVAL_MS: number = 3 * SECOND;

/**
 * Turns a storm of triggers into few reads. The first trigger is due at once; after its work, triggers are due when an
 * interval is over, which grows while the work finds no change.
 *
 * ```
 * quiet ──trigger──▶ started ──▶ finished: interval runs ──trigger──▶ due when the interval is over
 *   ▲                                     │
 *   └───────────interval over─────────────┘
 * ```
 */
export interface Debounce {
  readonly intervalMs: number;
  /** End of the interval. */
  readonly until: Instant;
  readonly startedAt: Instant;
}

/** The debounce of something that had no trigger yet. */
export function newDebounce(now: Instant): Debounce {
  return { intervalMs: 0, until: now, startedAt: now };
}

/** When a trigger that comes now is due. */
export function dueAt({ until }: Debounce, now: Instant): Instant {
  return Math.max(now, until);
}

/** The work for a trigger starts. */
export function started(debounce: Debounce, now: Instant): Debounce {
  return { ...debounce, startedAt: now };
}

/**
 * The work for a trigger is finished.
 * @param foundChange false: it read only what was known already
 */
export function finished({ intervalMs, until, startedAt }: Debounce, foundChange: boolean, now: Instant): Debounce {
  // As long again as the last interval without a trigger: the storm is over.
  const isStorm = startedAt < until + intervalMs;
  const next = foundChange || !isStorm ? SHORTEST_INTERVAL_MS : Math.min(LONGEST_INTERVAL_MS, 2 * intervalMs);
  return { intervalMs: next, until: now + next, startedAt };
}
