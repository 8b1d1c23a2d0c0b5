import { MINUTE, Ok, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { AccessToken, FetchAccessToken } from './access-token.js';

/** A token is renewed so long before its end, so that none runs out on the way. */
const RENEW_BEFORE_MS = 3 * MINUTE;

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
  #held: AccessToken | null = null;
  #fetching: Promise<Result<AccessToken, SyncError>> | null = null;

  constructor(fetch: FetchAccessToken, now: () => Instant) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** A token that should be good. Calls at the same time share one request. */
  async get(): Promise<Result<string, SyncError>> {
    const held = this.#held;
    if (held && (held.expiresAt === null || this.#now() < held.expiresAt - RENEW_BEFORE_MS)) return Ok(held.token);
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
    this.#held = fetched.ok ? fetched.val : null;
    this.#fetching = null;
    return fetched;
  }
}
