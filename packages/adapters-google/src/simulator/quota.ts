import { MINUTE, type Instant } from '@loft/sync-core';
import type { ApiError } from './api-error.js';
import type { GoogleMethod } from './call-log.js';

/** Maximum units of calls in a minute (a patch counts 3, any other call 1), and the answer to further calls. */
export interface Quota {
  readonly perMinute: number;
  readonly status: 403 | 429;
  /** Default `rateLimitExceeded`. */
  readonly reason?: string;
  /** Value of `Retry-After`. Default: no such header. */
  readonly retryAfterSeconds?: number;
}

/** The cost of a call in quota units (docs/google-calendar.md#events). */
const PATCH_UNITS = 3;

/** Counts units in a window of a minute that slides. */
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

  /** Counts a call. @returns null if it is within the quota */
  take(method: GoogleMethod): ApiError | null {
    const quota = this.#quota;
    if (!quota) return null;
    const now = this.#now();
    this.#times = this.#times.filter((at) => at > now - MINUTE);
    const units = method === 'events.patch' ? PATCH_UNITS : 1;
    if (this.#times.length + units <= quota.perMinute) {
      for (let unit = 0; unit < units; unit++) this.#times.push(now);
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
