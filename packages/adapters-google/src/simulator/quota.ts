import { MINUTE, type Instant } from '@loft/sync-core';
import type { ApiError } from './api-error.js';

/** How many calls a minute are answered, and how the others are refused. */
export interface Quota {
  readonly perMinute: number;
  readonly status: 403 | 429;
  /** Default `rateLimitExceeded`. */
  readonly reason?: string;
  /** Value of `Retry-After`; none without it. */
  readonly retryAfterSeconds?: number;
}

/** Counts calls in a window of a minute that slides. */
export class QuotaMeter {
  readonly #now: () => Instant;
  #quota: Quota | null;
  #times: Instant[] = [];

  constructor(quota: Quota | null, now: () => Instant) {
    this.#quota = quota;
    this.#now = now;
  }

  set(quota: Quota | null): void {
    this.#quota = quota;
    this.#times = [];
  }

  /** Counts a call: null when it may go on. */
  take(): ApiError | null {
    const quota = this.#quota;
    if (!quota) return null;
    const now = this.#now();
    this.#times = this.#times.filter((at) => at > now - MINUTE);
    if (this.#times.length < quota.perMinute) {
      this.#times.push(now);
      return null;
    }
    const { status, reason = 'rateLimitExceeded', retryAfterSeconds } = quota;
    return {
      status,
      reason,
      message: 'Rate Limit Exceeded',
      domain: 'usageLimits',
      ...(retryAfterSeconds === undefined ? {} : { retryAfter: String(retryAfterSeconds) }),
    };
  }
}
