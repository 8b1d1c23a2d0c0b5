import type { Query, SqliteDatabase } from './database.js';
import { number } from './row.js';

/** Fences are taken from the file in blocks: a process that ends leaves a gap in the numbers, and none is given twice. */
const BLOCK = 1000;

/** Takes @count fences, and answers the last of them. */
export const TAKE_FENCES = `UPDATE counters SET value = value + @count WHERE name = 'fence' RETURNING value`;

/** Fencing numbers, each above all given before, over the whole life of the file. */
export class Fences {
  readonly #take: Query;
  #last = 0;
  #taken = 0;

  constructor(database: SqliteDatabase) {
    this.#take = database.query(TAKE_FENCES);
  }

  next(): number {
    if (this.#last === this.#taken) {
      this.#taken = number(this.#take.first({ count: BLOCK }) ?? {}, 'value');
      this.#last = this.#taken - BLOCK;
    }
    return ++this.#last;
  }
}
