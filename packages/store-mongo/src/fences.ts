import type { Collection } from 'mongodb';
import type { Counter, Stored } from './records.js';

/** Fencing numbers, from one document that all replicas increment. */
export class Fences {
  readonly #counters: Collection<Stored<Counter>>;

  constructor(counters: Collection<Stored<Counter>>) {
    this.#counters = counters;
  }

  /** Reserves consecutive numbers above all earlier ones. @returns the first of them */
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

/** A new counter would give lower numbers than those in the maps, and every write would be refused. */
export class MissingCounter extends Error {
  override readonly name = 'MissingCounter';

  constructor() {
    super('the document "fence" of the collection counters is missing: another program removed it');
  }
}
