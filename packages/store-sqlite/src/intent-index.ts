import type { BookingEventMap } from '@loft/sync-core';
import type { SqliteDatabase } from './database.js';
import { text } from './row.js';

/**
 * Knows that no map has an intent, which is the usual case: each new booking asks for it. An id stays after a rollback, so the
 * answer may only be "perhaps some" too often.
 */
export class IntentIndex {
  readonly #ids: Set<string>;
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    const rows = database.query(
      'SELECT uscheduleAppointmentId AS id FROM bookingEventMaps WHERE intentSince IS NOT NULL',
    );
    this.#ids = new Set(rows.all().map((row) => text(row, 'id')));
  }

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  /** A map was written. */
  note({ uscheduleAppointmentId: id, intent }: BookingEventMap): void {
    if (intent !== null) {
      this.#ids.add(id);
      return;
    }
    if (this.#ids.delete(id)) this.#database.onRollback(() => this.#ids.add(id));
  }
}
