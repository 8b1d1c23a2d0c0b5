import type { Collection } from 'mongodb';
import type { Counter, Stored } from './records.js';

/** Fencing numbers, from one document that all replicas count up. */
export class Fences {
  readonly #counters: Collection<Stored<Counter>>;

  constructor(counters: Collection<Stored<Counter>>) {
    this.#counters = counters;
  }

  /** Takes so many numbers in a row, all above any given before; the first of them. */
  async take(count: number): Promise<number> {
    const counter = await this.#counters.findOneAndUpdate(
      { _id: 'fence' },
      { $inc: { value: count } },
      { returnDocument: 'after' },
    );
    if (!counter) throw new MissingCounter();
    return counter.value - count + 1;
  }
}

/** Numbers from a new counter would be lower than those the maps have: nothing could be written any more. */
export class MissingCounter extends Error {
  override readonly name = 'MissingCounter';

  constructor() {
    super('the document "fence" of the collection counters is gone: somebody removed it');
  }
}
