/**
 * The kinds of errors of a port. The reaction to each kind is defined in one place, `rules/retry-policy.ts`.
 * - `transient`: network, timeout, 5xx, store busy. The call may or may not have taken effect.
 * - `rate-limited`: too many calls; `retryAfterMs` if the other system gave a wait.
 * - `conflict`: a concurrent change (412), an id that exists (409), or a newer version of a map.
 * - `not-found`: unknown to the other system.
 * - `gone`: known and deleted.
 * - `unauthorized`: our credentials are not accepted.
 * - `forbidden`: our account is known, but may not do this here (calendar not shared).
 * - `refused`: the other system rejected a valid request (slot taken, cancellation window).
 * - `invalid`: our request is wrong; a retry cannot succeed.
 * - `token-expired`: the sync token is no longer valid: make a full list.
 */
export type SyncErrorKind =
  | 'transient'
  | 'rate-limited'
  | 'conflict'
  | 'not-found'
  | 'gone'
  | 'unauthorized'
  | 'forbidden'
  | 'refused'
  | 'invalid'
  | 'token-expired';

/**
 * Maximum accepted `Retry-After`, in milliseconds: ten minutes (docs/decision-table.md#guards). Adapters cut a longer value,
 * so that one wrong answer does not block a system for a year.
 */
export const RETRY_AFTER_LIMIT_MS = 600_000;

/**
 * Name of the system of a port, as its adapter gives it in `system` (`uschedule`, `google`), or `store`. Shown in errors,
 * logs and metrics.
 */
export type SyncSystem = string;

/** An expected failure, as a value. Safe to log: adapters never put a secret in an error. */
export interface SyncError {
  readonly kind: SyncErrorKind;
  readonly system: SyncSystem;
  /** The call that failed: `events.insert`, `cancelappointment`. */
  readonly method: string;
  /** One sentence for an administrator. */
  readonly message: string;
  /** HTTP status. Absent if there was no response. */
  readonly status?: number;
  /** The reason of the other system: `rateLimitExceeded`. */
  readonly reason?: string;
  /** `event`: the system refuses only the event of this call. Its calendar accepts other calls. */
  readonly scope?: 'event';
  /** The answer of the other system, shortened. */
  readonly payload?: unknown;
  /** The call was not sent: an open circuit breaker answered it. */
  readonly unsent?: true;
  /** Milliseconds to wait as the other system asked, at most `RETRY_AFTER_LIMIT_MS`. */
  readonly retryAfterMs?: number;
}

/** Returns the error of a call by the host that the engine does not accept. */
export function misuse(method: string, message: string): SyncError {
  return { kind: 'invalid', system: 'engine', method, message };
}

/** Describes a thrown value. Any value may be thrown, also one whose conversion to a text throws. */
export function thrownText(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return 'a value without a text';
  }
}

/**
 * The error of a throw inside the engine: a bug, or a record of the store with missing fields. It must not end the process of
 * the host.
 */
export function bug(method: string, thrown: unknown): SyncError {
  return { kind: 'invalid', system: 'engine', method, message: `the engine met a bug: ${thrownText(thrown)}` };
}
