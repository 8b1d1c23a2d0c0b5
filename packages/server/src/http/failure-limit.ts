import type { Clock, Instant } from '@loft/sync-core';

export interface FailureLimitOptions {
  /** Maximum failures at once … */
  readonly burst: number;
  /** … and per second in the long run. */
  readonly perSecond: number;
}

/** The token bucket of an address: failures left at a time. */
interface Bucket {
  readonly left: number;
  readonly at: Instant;
}

/** Maximum of addresses. Beyond it, the one with the oldest failure is evicted, so that memory is bounded. */
const ADDRESSES = 10_000;

/** The part of an address that identifies one caller: providers assign a whole IPv6 subnet to one customer. */
function callerOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}

/** Counts failures in one token bucket per address. Successful requests are not counted. */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: FailureLimitOptions, clock: Pick<Clock, 'now'>) {
    this.#options = options;
    this.#clock = clock;
  }

  /** @returns the seconds until the next failure is allowed; 0: now */
  waitSeconds(address: string): number {
    const left = this.#left(callerOf(address));
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#options.perSecond);
  }

  /** Counts a failure. @returns whether it used up the limit */
  fail(address: string): boolean {
    const caller = callerOf(address);
    const before = this.#left(caller);
    const left = Math.max(0, before - 1);
    // Inserted again, so that the map is in the order of the last failure.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { left, at: this.#clock.now() });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > ADDRESSES && oldest !== undefined) this.#buckets.delete(oldest);
    return before >= 1 && left < 1;
  }

  #left(caller: string): number {
    const { burst, perSecond } = this.#options;
    const bucket = this.#buckets.get(caller);
    if (!bucket) return burst;
    return Math.min(burst, bucket.left + (Math.max(0, this.#clock.now() - bucket.at) / 1000) * perSecond);
  }
}
