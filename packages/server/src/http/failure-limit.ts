import type { Clock, Instant } from '@loft/sync-core';

export interface FailureLimitOptions {
  /** So many failures at once are let pass … */
  readonly burst: number;
  /** … and so many a second in the long run. */
  readonly perSecond: number;
}

/** A bucket for each address: failures left, as of a time. */
interface Bucket {
  readonly left: number;
  readonly at: Instant;
}

/** Above so many addresses the one that has failed least lately is forgotten: memory is bounded, whoever knocks. */
const ADDRESSES = 10_000;

/** The part of an address that stands for one caller: a whole IPv6 subnet is given to one customer. */
function callerOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}

/**
 * Counts failures by address, in a token bucket each. What succeeds is never counted, so that a storm of genuine
 * requests is none of its business.
 */
export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: FailureLimitOptions, clock: Pick<Clock, 'now'>) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Seconds until another failure would be let pass; 0: now. */
  waitSeconds(address: string): number {
    const left = this.#left(callerOf(address));
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#options.perSecond);
  }

  /** Notes a failure. Answers whether it is the one that used the limit up. */
  fail(address: string): boolean {
    const caller = callerOf(address);
    const before = this.#left(caller);
    const left = Math.max(0, before - 1);
    // Written anew, so that the map is in the order of the last failure.
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
