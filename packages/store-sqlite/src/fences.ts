import type { Instant } from '@loft/sync-core';
import type { Query, SqliteDatabase } from './database.js';
import { number } from './row.js';

/** Fences are reserved in the file in blocks. A process that ends leaves a gap in the numbers; none is issued twice. */
const BLOCK = 1000;

/** Reserves @count fences above @now, so above those of a lost file. Returns the last of them. */
export const TAKE_FENCES = `UPDATE counters SET value = MAX(value, @now) + @count WHERE name = 'fence' RETURNING value`;

/** Issues fencing numbers, each above all earlier ones of the file. */
export class Fences {
  readonly #take: Query;
  #last = 0;
  #taken = 0;

  constructor(database: SqliteDatabase) {
    this.#take = database.query(TAKE_FENCES);
  }

  next(now: Instant): number {
    if (this.#last === this.#taken) {
      this.#taken = number(this.#take.first({ count: BLOCK, now: Math.ceil(now) }) ?? {}, 'value');
      this.#last = this.#taken - BLOCK;
    }
    return ++this.#last;
  }
}
