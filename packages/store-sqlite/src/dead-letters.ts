import type { DeadLetter, SyncError } from '@loft/sync-core';
import type { Command, Query, SqlRow, SqliteDatabase } from './database.js';
import { json, number, numberOrNull, text, textOrNull } from './row.js';
import { upsert } from './sql.js';

const COLUMNS = [
  'appointmentId',
  'calendarId',
  'eventId',
  'reason',
  'attempts',
  'error',
  'at',
  'fingerprint',
  'retryAt',
  'revivals',
] as const satisfies readonly (keyof DeadLetter)[];

/** The text of the query, so that a test can check its index. `limit` -1 is all. */
export const LIST_DEAD_LETTERS =
  'SELECT * FROM deadLetters WHERE appointmentId > @after ORDER BY appointmentId LIMIT @limit';

/** The dead letters: one row for each appointment, with the error as JSON. */
export class DeadLetters {
  readonly #put: Command;
  readonly #byId: Query;
  readonly #list: Query;
  readonly #delete: Command;

  constructor(database: SqliteDatabase) {
    this.#put = database.command(upsert('deadLetters', 'appointmentId', COLUMNS));
    this.#byId = database.query('SELECT * FROM deadLetters WHERE appointmentId = @appointmentId');
    this.#list = database.query(LIST_DEAD_LETTERS);
    this.#delete = database.command('DELETE FROM deadLetters WHERE appointmentId = @appointmentId');
  }

  put(letter: DeadLetter): void {
    const { appointmentId, calendarId, eventId, reason, attempts, at, fingerprint, retryAt, revivals } = letter;
    const error = JSON.stringify(letter.error);
    this.#put.run({ appointmentId, calendarId, eventId, reason, attempts, error, at, fingerprint, retryAt, revivals });
  }

  get(appointmentId: string): DeadLetter | null {
    const row = this.#byId.first({ appointmentId });
    return row ? toLetter(row) : null;
  }

  list(page: { readonly after?: string; readonly limit?: number }): readonly DeadLetter[] {
    // An appointment's id is never empty, so every id is above the empty text.
    return this.#list.all({ after: page.after ?? '', limit: page.limit ?? -1 }).map(toLetter);
  }

  delete(appointmentId: string): void {
    this.#delete.run({ appointmentId });
  }
}

function toLetter(row: SqlRow): DeadLetter {
  return {
    appointmentId: text(row, 'appointmentId'),
    calendarId: textOrNull(row, 'calendarId'),
    eventId: textOrNull(row, 'eventId'),
    reason: textOrNull(row, 'reason'),
    attempts: number(row, 'attempts'),
    error: json<SyncError>(row, 'error', ['kind', 'system', 'method', 'message']),
    at: number(row, 'at'),
    fingerprint: textOrNull(row, 'fingerprint'),
    retryAt: numberOrNull(row, 'retryAt'),
    revivals: number(row, 'revivals'),
  };
}
