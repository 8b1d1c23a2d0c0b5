import type { Instant } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import type { Command, Query, SqlRow, SqliteDatabase } from './database.js';
import { flag, number, numberOrNull, text } from './row.js';
import { upsert } from './sql.js';

const COLUMNS = [
  'appointmentId',
  'freeReadings',
  'dead',
  'end',
  'updatedAt',
  'createdAt',
] as const satisfies readonly (keyof LivenessRecord)[];

/** The text of the statement, so that a test can check its index. */
export const FORGET_LIVENESS = 'DELETE FROM liveness WHERE "end" < @endedBefore';

/** The readings of appointments in blind mode: one row each. */
export class Liveness {
  readonly #database: SqliteDatabase;
  readonly #put: Command;
  readonly #list: Query;
  readonly #forget: Command;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#put = database.command(upsert('liveness', 'appointmentId', COLUMNS));
    this.#list = database.query('SELECT * FROM liveness ORDER BY appointmentId');
    this.#forget = database.command(FORGET_LIVENESS);
  }

  list(): readonly LivenessRecord[] {
    return this.#list.all().map(toRecord);
  }

  put(records: readonly LivenessRecord[]): void {
    if (records.length === 0) return;
    this.#database.transaction(() => {
      for (const { dead, createdAt = null, ...record } of records) {
        this.#put.run({ ...record, dead: dead ? 1 : 0, createdAt });
      }
    });
  }

  forget(endedBefore: Instant): void {
    this.#forget.run({ endedBefore });
  }
}

function toRecord(row: SqlRow): LivenessRecord {
  const createdAt = numberOrNull(row, 'createdAt');
  return {
    appointmentId: text(row, 'appointmentId'),
    freeReadings: number(row, 'freeReadings'),
    dead: flag(row, 'dead'),
    end: number(row, 'end'),
    updatedAt: number(row, 'updatedAt'),
    ...(createdAt === null ? {} : { createdAt }),
  };
}
