import { compareCodePoints, type EventRecord, type EventRecordKey, type EventRecordQuery } from '@loft/sync-core/store';
import type { Command, SqliteDatabase } from './database.js';
import { json } from './row.js';

/**
 * The records of events: one row each, its content as JSON. There are few, and each edit reads all of them, so they are
 * kept in memory, too. The file belongs to this process, so no other process can change them.
 */
export class EventRecords {
  readonly #database: SqliteDatabase;
  readonly #put: Command;
  readonly #delete: Command;
  readonly #records = new Map<string, EventRecord>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#put = database.command(
      `INSERT INTO eventRecords (kind, id, appointmentId, record) VALUES (@kind, @id, @appointmentId, @record)
       ON CONFLICT (kind, id) DO UPDATE SET appointmentId = excluded.appointmentId, record = excluded.record`,
    );
    this.#delete = database.command('DELETE FROM eventRecords WHERE kind = @kind AND id = @id');
    for (const row of database.query('SELECT record FROM eventRecords').all()) {
      const record = Object.freeze(json<EventRecord>(row, 'record', ['kind', 'id', 'appointmentId']));
      this.#records.set(keyOf(record), record);
    }
  }

  put(records: readonly EventRecord[]): void {
    if (records.length === 0) return;
    this.#database.transaction(() => {
      for (const record of records) {
        const { kind, id, appointmentId } = record;
        const content = JSON.stringify(record);
        this.#put.run({ kind, id, appointmentId, record: content });
        this.#keep(keyOf(record), Object.freeze(JSON.parse(content) as EventRecord));
      }
    });
  }

  list({ kind, appointmentId }: EventRecordQuery): readonly EventRecord[] {
    return [...this.#records.values()]
      .filter((record) => record.kind === kind && (appointmentId ?? record.appointmentId) === record.appointmentId)
      .toSorted((a, b) => compareCodePoints(a.id, b.id));
  }

  delete(keys: readonly EventRecordKey[]): void {
    if (keys.length === 0) return;
    this.#database.transaction(() => {
      for (const { kind, id } of keys) {
        this.#delete.run({ kind, id });
        this.#keep(keyOf({ kind, id }), undefined);
      }
    });
  }

  /** @param record undefined: it is removed */
  #keep(key: string, record: EventRecord | undefined): void {
    const before = this.#records.get(key);
    this.#set(key, record);
    this.#database.onRollback(() => this.#set(key, before));
  }

  #set(key: string, record: EventRecord | undefined): void {
    if (record) this.#records.set(key, record);
    else this.#records.delete(key);
  }
}

function keyOf({ kind, id }: EventRecordKey): string {
  return `${kind} ${id}`;
}
