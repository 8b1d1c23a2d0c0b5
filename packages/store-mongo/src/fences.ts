import type { Instant } from '@loft/sync-core';
import { recreate } from './counters.js';
import type { Collections } from './records.js';

/** Fencing numbers, from one document that all replicas increment. */
export class Fences {
  readonly #collections: Collections;
  #last = 0;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /**
   * Reserves consecutive numbers above all earlier ones. If another program removed the counter, a new one starts at the
   * time in milliseconds, which is above the number of all claims so far, also of other replicas.
   *
   * @returns the first of them
   */
  async take(count: number, now: Instant): Promise<number> {
    const counter = await this.#collections.counters.findOneAndUpdate(
      { _id: 'fence' },
      { $inc: { value: count } },
      { returnDocument: 'after' },
    );
    if (counter === null) {
      await recreate(this.#collections, Math.max(now, this.#last));
      return this.take(count, now);
    }
    this.#last = counter.value;
    return counter.value - count + 1;
  }
}
