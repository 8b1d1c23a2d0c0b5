import type { EventRecord, EventRecordKey, EventRecordQuery } from '@loft/sync-core/store';
import type { Collection } from 'mongodb';
import { putRecord } from './put-record.js';
import { withoutKey, type Stored } from './records.js';

/** The records of events: one document each, with kind and id as its key. */
export class EventRecords {
  readonly #records: Collection<Stored<EventRecord>>;

  constructor(records: Collection<Stored<EventRecord>>) {
    this.#records = records;
  }

  async put(records: readonly EventRecord[]): Promise<void> {
    for (const record of records) await putRecord(this.#records, keyOf(record), record);
  }

  async list({ kind, appointmentId }: EventRecordQuery): Promise<readonly EventRecord[]> {
    const found = this.#records.find({ ...(appointmentId !== undefined && { appointmentId }), kind }).sort({ _id: 1 });
    return (await found.toArray()).map((record) => withoutKey(record) as EventRecord);
  }

  async delete(keys: readonly EventRecordKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#records.deleteMany({ _id: { $in: keys.map(keyOf) } });
  }
}

function keyOf({ kind, id }: EventRecordKey): string {
  return `${kind} ${id}`;
}
