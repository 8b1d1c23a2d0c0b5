/**
 * Everything that can go wrong at a port, by what it means for us. What is done about a kind stands in one
 * place, `rules/retry-policy.ts`.
 *
 * - `transient`: network, timeout, 5xx, store busy. The call may or may not have taken effect.
 * - `rate-limited`: too many calls; `retryAfterMs` if the other side said how long.
 * - `conflict`: somebody was faster (412), or the id exists (409), or a map's version has moved on.
 * - `not-found`: unknown to the other side.
 * - `gone`: known and deleted.
 * - `unauthorized`: our credentials are not accepted.
 * - `forbidden`: we are known, but may not do this here (calendar not shared).
 * - `refused`: the other side understood and will not (slot taken, cancellation window).
 * - `invalid`: our request is at fault; repeating it cannot help.
 * - `token-expired`: the sync token is no longer good: list in full.
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
 * Longest wait that a `Retry-After` is believed, in milliseconds: ten minutes (docs/decision-table.md#guards).
 * Adapters cut
 * a longer one, so that one odd answer does not shut a system for a year.
 */
export const RETRY_AFTER_LIMIT_MS = 600_000;

/**
 * Name of the system behind a port: what the adapter calls it in `system` (`uschedule`, `google`), or `store`. Errors,
 * logs and metrics show it.
 */
export type SyncSystem = string;

/** An expected failure, as a value. Safe to log: adapters never put a secret in it. */
export interface SyncError {
  readonly kind: SyncErrorKind;
  readonly system: SyncSystem;
  /** The call that failed: `events.insert`, `cancelappointment`. */
  readonly method: string;
  /** One sentence for a person. */
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The other side's own reason: `rateLimitExceeded`. */
  readonly reason?: string;
  /** `event`: only the event that the call names is refused; its calendar takes other calls. */
  readonly scope?: 'event';
  /** What the other side answered, cut to a sensible length. */
  readonly payload?: unknown;
  /** The call was not sent at all: an open circuit answered it. */
  readonly unsent?: true;
  /** Milliseconds the other side asked us to wait, `RETRY_AFTER_LIMIT_MS` at most. */
  readonly retryAfterMs?: number;
}
