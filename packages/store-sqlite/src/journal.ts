import type { Instant } from '@loft/sync-core';
import type { ActivityQuery, JournalEntry } from '@loft/sync-core/store';
import type { Command, Query, SqliteDatabase, SqlRow } from './database.js';
import { json } from './row.js';

/** The texts of the statements, so that a test can check their indexes. */
export const JOURNAL_STATEMENTS = {
  newest: `SELECT entry FROM journal WHERE appointmentId = @appointmentId ORDER BY at DESC, id DESC LIMIT @limit`,
  /** Entries of all appointments before the position (@at, @id). */
  activity: `SELECT entry FROM journal WHERE at >= @since AND (at, id) < (@at, @id) ORDER BY at DESC, id DESC LIMIT @limit`,
  forgetBefore: 'DELETE FROM journal WHERE at < @before',
  /** The newest entry above the limit. */
  firstTooMany: 'SELECT at, id FROM journal ORDER BY at DESC, id DESC LIMIT 1 OFFSET @keep',
  forgetUpTo: 'DELETE FROM journal WHERE (at, id) <= (@at, @id)',
} as const;

/** The actions on appointments with their reasons: one row for each entry, as JSON beside its search columns. */
export class JournalEntries {
  readonly #database: SqliteDatabase;
  readonly #add: Command;
  readonly #newest: Query;
  readonly #activity: Query;
  readonly #forgetBefore: Command;
  readonly #firstTooMany: Query;
  readonly #forgetUpTo: Command;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#add = database.command(
      `INSERT INTO journal (id, appointmentId, at, entry) VALUES (@id, @appointmentId, @at, @entry)
       ON CONFLICT (at, id) DO NOTHING`,
    );
    this.#newest = database.query(JOURNAL_STATEMENTS.newest);
    this.#activity = database.query(JOURNAL_STATEMENTS.activity);
    this.#forgetBefore = database.command(JOURNAL_STATEMENTS.forgetBefore);
    this.#firstTooMany = database.query(JOURNAL_STATEMENTS.firstTooMany);
    this.#forgetUpTo = database.command(JOURNAL_STATEMENTS.forgetUpTo);
  }

  add(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    this.#database.transaction(() => {
      for (const entry of entries) {
        const { id, appointmentId, at } = entry;
        this.#add.run({ id, appointmentId, at, entry: JSON.stringify(entry) });
      }
    });
  }

  list(appointmentId: string, limit: number): readonly JournalEntry[] {
    const rows = this.#newest.all({ appointmentId, limit: Math.max(0, limit) });
    return rows.map(entryOf).toReversed();
  }

  activity({ since, before, limit }: ActivityQuery): readonly JournalEntry[] {
    const { at, id } = before ?? { at: Number.MAX_SAFE_INTEGER, id: '' };
    const rows = this.#activity.all({ since: since ?? 0, at, id, limit: Math.max(0, limit) });
    return rows.map(entryOf);
  }

  forget(before: Instant, keep: number): void {
    this.#forgetBefore.run({ before });
    const last = this.#firstTooMany.first({ keep });
    if (last) this.#forgetUpTo.run({ at: Number(last['at']), id: String(last['id']) });
  }
}

function entryOf(row: SqlRow): JournalEntry {
  return json<JournalEntry>(row, 'entry', ['id', 'appointmentId', 'at', 'kind']);
}
