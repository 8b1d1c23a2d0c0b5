import { HOUR, MINUTE } from '../domain/instant.js';
import { RETRY_AFTER_LIMIT_MS, type SyncError, type SyncErrorKind } from '../domain/sync-error.js';
import type { RetrySettings } from './settings.js';

/**
 * The reaction to an error.
 * - `retry`: a temporary fault. Due again later; counts as an attempt.
 * - `wait`: no call to this calendar, or to this system, can succeed now. Due again later; does not count as an attempt.
 * - `dead-letter`: a retry cannot succeed. A dead letter at once.
 */
export type Remedy = 'retry' | 'wait' | 'dead-letter';

/**
 * The reaction to each kind of error. Callers handle `conflict`, `not-found`, `gone`, `refused` and `token-expired` where
 * they have a meaning. The table applies if that did not solve the fault.
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

/** Google's reasons for a calendar or account without quota for a long time: a wait is better than retries. */
const LASTING_REASONS: ReadonlySet<string> = new Set(['quotaExceeded', 'dailyLimitExceeded']);

/** Returns the reaction to one error. */
export function remedyOf(error: SyncError): Remedy {
  if (error.unsent) return 'wait';
  if (error.scope === 'event') return 'retry';
  if (error.reason !== undefined && LASTING_REASONS.has(error.reason)) return 'wait';
  return REMEDIES[error.kind];
}

/**
 * Did a failed call certainly have no effect? An answer of success that cannot be read, a fault of the other side and the
 * timeout of a gateway do not show it: the other side may fail after its write.
 */
export function isWithoutEffect({ unsent, kind, status = 0 }: SyncError): boolean {
  if (kind !== 'transient' || unsent === true) return true;
  return status >= 300 && ![500, 502, 504].includes(status);
}

/** Milliseconds to wait as the other system asked, at most ten minutes (docs/decision-table.md#guards); 0 if it did not. */
export function retryAfterMs(error: SyncError | null): number {
  const asked = error?.retryAfterMs ?? 0;
  // False for NaN: an adapter may compute it from a header that is no number.
  return asked > 0 ? Math.min(asked, RETRY_AFTER_LIMIT_MS) : 0;
}

/**
 * Returns the milliseconds until the next attempt: exponential backoff with full jitter, at least the wait that the other
 * system asked for.
 *
 * @param attempts the number of failed attempts, 1 or more
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

/** A dead letter of a temporary fault is retried after 10 minutes, 1 hour, 6 hours, then daily, at most 10 times. */
const AUTOMATIC_RETRY_DELAYS_MS: readonly number[] = [10 * MINUTE, HOUR, 6 * HOUR];
const MAX_AUTOMATIC_RETRIES = 10;

/**
 * Returns the milliseconds until the automatic retry of a dead letter.
 *
 * @param retries the number of automatic retries so far
 * @param keepsEdit it keeps an edit whose event shows the booking again (docs/decision-table.md#row-21a): people rely on what the
 *   calendar shows
 * @returns null if only an administrator can replay it
 */
export function automaticRetryDelayMs(error: SyncError, retries: number, keepsEdit: boolean): number | null {
  if (keepsEdit || remedyOf(error) === 'dead-letter' || retries >= MAX_AUTOMATIC_RETRIES) return null;
  return AUTOMATIC_RETRY_DELAYS_MS[retries] ?? 24 * HOUR;
}
