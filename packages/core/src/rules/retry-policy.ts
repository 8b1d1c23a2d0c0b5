import type { SyncError, SyncErrorKind } from '../domain/sync-error.js';
import type { RetrySettings } from './settings.js';

/**
 * What is done about a kind of error, in one table:
 * - `retry`: a passing fault. Due again later; counts as an attempt.
 * - `wait`: nothing of this calendar, or of this whole system, can succeed now. Due again later; no attempt is lost.
 * - `bury`: repeating it cannot help. A dead letter at once.
 *
 * `conflict`, `not-found`, `gone`, `refused` and `token-expired` have a meaning where they come up and are dealt with
 * there; what the table says of them holds when that did not help.
 */
export const REMEDIES: Readonly<Record<SyncErrorKind, 'retry' | 'wait' | 'bury'>> = {
  transient: 'retry',
  'rate-limited': 'retry',
  conflict: 'retry',
  'not-found': 'retry',
  gone: 'retry',
  'token-expired': 'retry',
  unauthorized: 'wait',
  forbidden: 'wait',
  refused: 'bury',
  invalid: 'bury',
};

/** Google's word for a calendar or account that is out of calls for long: waiting beats trying. */
const LASTING_REASONS: ReadonlySet<string> = new Set(['quotaExceeded', 'dailyLimitExceeded']);

export function remedyOf(error: SyncError): 'retry' | 'wait' | 'bury' {
  if (error.unsent) return 'wait';
  if (error.scope === 'event') return 'retry';
  if (error.reason !== undefined && LASTING_REASONS.has(error.reason)) return 'wait';
  return REMEDIES[error.kind];
}

/**
 * Milliseconds until the next attempt: exponential with full jitter, never shorter than the other side asked for.
 * `attempts` is how many have failed, 1 or more.
 */
export function retryDelayMs(
  attempts: number,
  error: SyncError | null,
  retry: Pick<RetrySettings, 'baseMs' | 'maxMs'>,
  random: () => number,
): number {
  const ceiling = Math.min(retry.maxMs, retry.baseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.max(Math.ceil(random() * ceiling), error?.retryAfterMs ?? 0);
}

const HOUR_MS = 3_600_000;
/** When a parked passing fault is tried again unasked: after 10 minutes, 1 hour, 6 hours, then daily, 10 times in all. */
const REVIVAL_DELAYS_MS = [HOUR_MS / 6, HOUR_MS, 6 * HOUR_MS];
const MAX_REVIVALS = 10;

/** null: not again without a person. */
export function revivalDelayMs(error: SyncError, revivals: number): number | null {
  if (remedyOf(error) === 'bury' || revivals >= MAX_REVIVALS) return null;
  return REVIVAL_DELAYS_MS[revivals] ?? 24 * HOUR_MS;
}
