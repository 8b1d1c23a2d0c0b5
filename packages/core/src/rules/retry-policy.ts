import { HOUR, MINUTE } from '../domain/instant.js';
import { RETRY_AFTER_LIMIT_MS, type SyncError, type SyncErrorKind } from '../domain/sync-error.js';
import type { RetrySettings } from './settings.js';

/**
 * What is done about an error:
 * - `retry`: a passing fault. Due again later; counts as an attempt.
 * - `wait`: nothing of this calendar, or of this whole system, can succeed now. Due again later; no attempt is counted.
 * - `dead-letter`: a retry cannot help. A dead letter at once.
 */
export type Remedy = 'retry' | 'wait' | 'dead-letter';

/**
 * The remedy for each kind of error. `conflict`, `not-found`, `gone`, `refused` and `token-expired` have a meaning where
 * they occur and are handled there; the table holds when that did not help.
 */
export const REMEDIES: Readonly<Record<SyncErrorKind, Remedy>> = {
  transient: 'retry',
  'rate-limited': 'retry',
  conflict: 'retry',
  'not-found': 'retry',
  gone: 'retry',
  'token-expired': 'retry',
  unauthorized: 'wait',
  forbidden: 'wait',
  refused: 'dead-letter',
  invalid: 'dead-letter',
};

/** Google's reasons for a calendar or account that is out of calls for long: a wait is better than retries. */
const LASTING_REASONS: ReadonlySet<string> = new Set(['quotaExceeded', 'dailyLimitExceeded']);

/** The remedy for one error. */
export function remedyOf(error: SyncError): Remedy {
  if (error.unsent) return 'wait';
  if (error.scope === 'event') return 'retry';
  if (error.reason !== undefined && LASTING_REASONS.has(error.reason)) return 'wait';
  return REMEDIES[error.kind];
}

/** Milliseconds that the other side asked us to wait, ten minutes at most (docs/decision-table.md#guards); 0: it did not ask. */
export function retryAfterMs(error: SyncError | null): number {
  return Math.min(error?.retryAfterMs ?? 0, RETRY_AFTER_LIMIT_MS);
}

/**
 * Milliseconds until the next attempt: exponential with full jitter, at least what the other side asked for.
 * @param attempts how many have failed, 1 or more
 */
export function retryDelayMs(
  attempts: number,
  error: SyncError | null,
  retry: Pick<RetrySettings, 'baseMs' | 'maxMs'>,
  random: () => number,
): number {
  const ceiling = Math.min(retry.maxMs, retry.baseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.max(Math.ceil(random() * ceiling), retryAfterMs(error));
}

/** A dead letter of a passing fault is retried after 10 minutes, 1 hour, 6 hours, then daily, 10 times in all. */
const AUTOMATIC_RETRY_DELAYS_MS: readonly number[] = [10 * MINUTE, HOUR, 6 * HOUR];
const MAX_AUTOMATIC_RETRIES = 10;

/**
 * Milliseconds until a dead letter is retried without a person.
 * @param retries how often that was done
 * @returns null if only a person can have it retried
 */
export function automaticRetryDelayMs(error: SyncError, retries: number): number | null {
  if (remedyOf(error) === 'dead-letter' || retries >= MAX_AUTOMATIC_RETRIES) return null;
  return AUTOMATIC_RETRY_DELAYS_MS[retries] ?? 24 * HOUR;
}
