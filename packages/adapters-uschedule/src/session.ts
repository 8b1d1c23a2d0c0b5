import { Err, type Instant, MINUTE, Ok, type Result, SECOND, type SyncError } from '@loft/sync-core';
import type { Login } from './login.js';
import type { Secrets } from './secrets.js';

const FIRST_WAIT_MS = SECOND;
const LONGEST_WAIT_MS: number = 5 * MINUTE;

interface Refusal {
  readonly error: SyncError;
  /** Time of the next permitted login. */
  readonly until: Instant;
  readonly count: number;
}

/**
 * Keeps the AuthKey, and limits how often a new one is requested.
 *
 * ```
 *            login ok                     401
 * no key ───────────────▶ key in use ───────────▶ one login, which all calls wait for ──▶ key in use
 *    ▲  │ refused                                                  │ refused
 *    │  ▼                                                          ▼
 *    └─ waiting: 1 s, 2 s, 4 s … 5 min; calls fail at once with the remembered refusal
 * ```
 *
 * A wrong password is not tried again at once, because that could lock the account. A fresh key that is refused counts as a
 * refused login. The key is kept, because other methods may accept it. Only an accepted call resets the count.
 */
export class Session {
  readonly #login: Login;
  readonly #now: () => Instant;
  readonly #secrets: Secrets;
  #key: string | null = null;
  #pending: Promise<Result<string, SyncError>> | null = null;
  #refusal: Refusal | null = null;

  constructor(login: Login, secrets: Secrets, now: () => Instant) {
    this.#login = login;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** Returns the current key, or logs in for a new one. */
  async key(): Promise<Result<string, SyncError>> {
    return this.#key === null ? this.#single() : Ok(this.#key);
  }

  /** Returns a key other than `stale`, which was answered 401. Concurrent callers share one login. */
  async renew(stale: string): Promise<Result<string, SyncError>> {
    return this.#key === null || this.#key === stale ? this.#single() : Ok(this.#key);
  }

  /** Records that a call with this key succeeded. */
  accepted(key: string): void {
    if (key === this.#key) this.#refusal = null;
  }

  /** Records that a call with this fresh key was answered 401. */
  refused(key: string, error: SyncError): void {
    if (key === this.#key) this.#wait(error);
  }

  #single(): Promise<Result<string, SyncError>> {
    this.#pending ??= this.#attempt().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #attempt(): Promise<Result<string, SyncError>> {
    const left = (this.#refusal?.until ?? 0) - this.#now();
    if (this.#refusal && left > 0) return Err({ ...this.#refusal.error, retryAfterMs: left });
    const result = await this.#login();
    this.#key = result.ok ? result.val : null;
    if (result.ok) this.#secrets.addAuthKey(result.val);
    else if (result.val.kind === 'unauthorized' || result.val.kind === 'invalid') {
      return Err({ ...result.val, retryAfterMs: this.#wait(result.val) });
    }
    return result;
  }

  /** @returns the milliseconds until the next permitted login */
  #wait(error: SyncError): number {
    const now = this.#now();
    // Concurrent calls are refused together. That counts as one refusal.
    if (this.#refusal && this.#refusal.until > now) return this.#refusal.until - now;
    const count = (this.#refusal?.count ?? 0) + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(count - 1, 30));
    this.#refusal = { error, until: now + wait, count };
    return wait;
  }
}
