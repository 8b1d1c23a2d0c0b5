import type { BookingEventMap } from '@loft/sync-core';
import type { SqliteDatabase } from './database.js';
import { text } from './row.js';

/**
 * The ids of the maps with an intent. Each new booking checks whether there are any; usually there are none. An id
 * stays after a rollback, so the index may contain ids without an intent, but never misses one.
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
