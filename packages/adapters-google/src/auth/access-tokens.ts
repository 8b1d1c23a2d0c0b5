import { MINUTE, Ok, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { AccessToken, FetchAccessToken } from './access-token.js';

/** A token is renewed so long before its end, so that none runs out on the way … */
const RENEW_BEFORE_MS = 3 * MINUTE;
/** … but not before this share of its life is over: one that lives shorter is used all the same. */
const LEAST_SHARE = 0.5;

/**
 * Keeps the access token, for all calls together.
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

  /** A token that should be good. Calls at the same time share one request. */
  async get(): Promise<Result<string, SyncError>> {
    const held = this.#held;
    if (held && this.#now() < held.renewAt) return Ok(held.token);
    this.#fetching ??= this.#renew();
    const fetched = await this.#fetching;
    return fetched.map(({ token }) => token);
  }

  /** A token in place of one that was refused, unless another call has replaced that one already. */
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
    const life = Math.max(0, expiresAt - this.#now());
    return expiresAt - Math.min(RENEW_BEFORE_MS, life * LEAST_SHARE);
  }
}
