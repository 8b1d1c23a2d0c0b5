import { Err, Ok, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { HttpClient } from '@loft/sync-http';
import type { MethodOptions } from 'googleapis/build/src/apis/calendar/index.js';
import type { AccessTokens } from './auth/access-tokens.js';
import { toSyncError } from './errors/google-error.js';
import { carriedBy } from './http/carry.js';

/** Makes one request with the library. The argument holds what every request needs. */
export type GoogleRequest = (options: MethodOptions) => Promise<{ readonly data: unknown }>;

export interface CallerOptions {
  readonly tokens: AccessTokens;
  readonly http: HttpClient;
  readonly timeoutMs: number;
  readonly now: () => Instant;
}

/**
 * Makes calls with an access token and a timeout, and returns every failure as a value. A call is repeated once, and only
 * after a refused token. The token is set here and not by the library, whose own repetition depends on what its credentials hold.
 */
export class GoogleCaller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Calls a method. `ifMatch` is sent as the `If-Match` header. The value is the unchecked body of the answer. */
  async call(
    method: string,
    request: GoogleRequest,
    ifMatch: string | null = null,
  ): Promise<Result<unknown, SyncError>> {
    const { tokens } = this.#options;
    const token = await tokens.get();
    if (!token.ok) return token;
    const first = await this.#attempt(method, request, token.val, ifMatch);
    if (first.ok || first.val.kind !== 'unauthorized') return first;
    const fresh = await tokens.replace(token.val);
    return fresh.ok ? this.#attempt(method, request, fresh.val, ifMatch) : fresh;
  }

  async #attempt(
    method: string,
    request: GoogleRequest,
    token: string,
    ifMatch: string | null,
  ): Promise<Result<unknown, SyncError>> {
    const { http, timeoutMs } = this.#options;
    const headers = { authorization: `Bearer ${token}`, ...(ifMatch ? { 'if-match': ifMatch } : {}) };
    try {
      const { data } = await request({
        headers,
        ...carriedBy(http, timeoutMs),
        retry: false,
        responseType: 'json',
      });
      return Ok(data);
    } catch (error) {
      return Err(toSyncError(method, error, this.#options.now()));
    }
  }
}
