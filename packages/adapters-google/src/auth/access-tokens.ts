import { MINUTE, Ok, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { AccessToken, FetchAccessToken } from './access-token.js';

/** A token is renewed this long before its end, so that it does not expire on the way … */
const RENEW_BEFORE_MS = 3 * MINUTE;
/** … but not before this share of its lifetime has passed, so that a token with a short lifetime is used, too. */
const LEAST_SHARE = 0.5;

/**
 * Caches the access token for all calls.
 *
 * ```
 * none ──▶ fetching ──▶ held ──(about to run out, or refused)──▶ fetching
 *              └──failed──▶ none
 * ```
 */
export class AccessTokens {
  readonly #fetch: FetchAccessToken;
  readonly #now: () => Instant;
  #held: { readonly token: string; readonly renewAt: Instant } | null = null;
  #fetching: Promise<Result<AccessToken, SyncError>> | null = null;

  constructor(fetch: FetchAccessToken, now: () => Instant) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Returns a token that should be valid. Concurrent calls share one request. */
  async get(): Promise<Result<string, SyncError>> {
    const held = this.#held;
    if (held && this.#now() < held.renewAt) return Ok(held.token);
    this.#fetching ??= this.#renew();
    const fetched = await this.#fetching;
    return fetched.map(({ token }) => token);
  }

  /** Replaces a refused token, unless another call has replaced it already. */
  replace(refused: string): Promise<Result<string, SyncError>> {
    if (this.#held?.token === refused) this.#held = null;
    return this.get();
  }

  async #renew(): Promise<Result<AccessToken, SyncError>> {
    const fetched = await this.#fetch();
    this.#held = fetched.ok ? { token: fetched.val.token, renewAt: this.#renewAt(fetched.val) } : null;
    this.#fetching = null;
    return fetched;
  }

  #renewAt({ expiresAt }: AccessToken): Instant {
    if (expiresAt === null) return Infinity;
    const lifetime = Math.max(0, expiresAt - this.#now());
    return expiresAt - Math.min(RENEW_BEFORE_MS, lifetime * LEAST_SHARE);
  }
}
