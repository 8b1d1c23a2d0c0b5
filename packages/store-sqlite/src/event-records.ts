import type { EventRecord, EventRecordKey, EventRecordQuery } from '@loft/sync-core/store';
import type { Command, Query, SqliteDatabase } from './database.js';
import { text } from './row.js';

/**
 * The records of events: one row each, with the content as JSON, because queries use only the key and the appointment.
 */
export class EventRecords {
  readonly #database: SqliteDatabase;
  readonly #put: Command;
  readonly #delete: Command;
  readonly #ofKind: Query;
  readonly #ofAppointment: Query;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#put = database.command(
      `INSERT INTO eventRecords (kind, id, appointmentId, record) VALUES (@kind, @id, @appointmentId, @record)
       ON CONFLICT (kind, id) DO UPDATE SET appointmentId = excluded.appointmentId, record = excluded.record`,
    );
    this.#delete = database.command('DELETE FROM eventRecords WHERE kind = @kind AND id = @id');
    this.#ofKind = database.query('SELECT record FROM eventRecords WHERE kind = @kind ORDER BY id');
    this.#ofAppointment = database.query(
      'SELECT record FROM eventRecords WHERE appointmentId = @appointmentId AND kind = @kind ORDER BY id',
    );
  }

  put(records: readonly EventRecord[]): void {
    if (records.length === 0) return;
    this.#database.transaction(() => {
      for (const record of records) {
        const { kind, id, appointmentId } = record;
        this.#put.run({ kind, id, appointmentId, record: JSON.stringify(record) });
      }
    });
  }

  list({ kind, appointmentId }: EventRecordQuery): readonly EventRecord[] {
    const rows =
      appointmentId === undefined ? this.#ofKind.all({ kind }) : this.#ofAppointment.all({ kind, appointmentId });
    return rows.map((row) => JSON.parse(text(row, 'record')) as EventRecord);
  }

  delete(keys: readonly EventRecordKey[]): void {
    if (keys.length === 0) return;
    this.#database.transaction(() => {
      for (const { kind, id } of keys) this.#delete.run({ kind, id });
    });
  }
}
