import type { Instant } from '@loft/sync-core';
import { recreate } from './counters.js';
import type { Collections } from './records.js';

/** A lower number was counted from zero: every number of a counter that was set to a time is above it. */
const LEAST: number = Date.UTC(2020, 0);

/** Fencing numbers, from one document that all replicas increment. */
export class Fences {
  readonly #collections: Collections;
  #last = 0;

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /**
   * Reserves consecutive numbers above all earlier ones. The counter of a new database is first set to the time in milliseconds, so
   * that its numbers are above those of a lost one: above the number of all claims so far, also of other replicas.
   *
   * @returns the first of them
   */
  async take(count: number, now: Instant): Promise<number> {
    const first = await this.#add(count, now);
    if (first >= LEAST) return first;
    await this.#collections.counters.updateOne({ _id: 'fence' }, { $max: { value: Math.ceil(now) } });
    return this.#add(count, now);
  }

  /** If another program removed the counter, a new one starts at the time, too. */
  async #add(count: number, now: Instant): Promise<number> {
    const counter = await this.#collections.counters.findOneAndUpdate(
      { _id: 'fence' },
      { $inc: { value: count } },
      { returnDocument: 'after' },
    );
    if (counter === null) {
      await recreate(this.#collections, Math.max(Math.ceil(now), this.#last));
      return this.#add(count, now);
    }
    this.#last = counter.value;
    return counter.value - count + 1;
  }
}
