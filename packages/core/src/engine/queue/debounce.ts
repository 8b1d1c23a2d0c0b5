import { SECOND, type Instant } from '../../domain/instant.js';

/** The interval after work that found a change … */
const SHORTEST_INTERVAL_MS: number = SECOND / 2;
/** … and its maximum: it doubles after each work without a change. */
const LONGEST_INTERVAL_MS: number = 3 * SECOND;

/**
 * Debounces triggers. The first trigger is due at once. After its work, triggers are due at the end of an interval, which
 * grows while the work finds no change.
 * ```
 * quiet ──trigger──▶ started ──▶ finished: interval runs ──trigger──▶ due at the end of the interval
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

/** Returns the debounce of a subject without a trigger so far. */
export function newDebounce(now: Instant): Debounce {
  return { intervalMs: 0, until: now, startedAt: now };
}

/** Returns when a trigger that comes now is due. An interval that is longer than any comes from a clock that was ahead. */
export function dueAt({ until }: Debounce, now: Instant): Instant {
  return until - now > LONGEST_INTERVAL_MS ? now : Math.max(now, until);
}

/** Records the start of the work for a trigger. */
export function started(debounce: Debounce, now: Instant): Debounce {
  return { ...debounce, startedAt: now };
}

/**
 * Records the end of the work for a trigger.
 *
 * @param foundChange false if the work read only known state
 */
export function finished({ intervalMs, until, startedAt }: Debounce, foundChange: boolean, now: Instant): Debounce {
  // No trigger has come for as long as the last interval: the storm is over.
  const isStorm = startedAt < until + intervalMs;
  const next = foundChange || !isStorm ? SHORTEST_INTERVAL_MS : Math.min(LONGEST_INTERVAL_MS, 2 * intervalMs);
  return { intervalMs: next, until: now + next, startedAt };
}
