import type { Instant } from '@loft/sync-core';
import type { LivenessRecord } from '@loft/sync-core/store';
import type { Collection } from 'mongodb';
import { inBatches } from './batches.js';
import { insertMissing } from './insert-missing.js';
import { againstDuplicates } from './put-record.js';
import { withoutKey, type Stored } from './records.js';

/** The evidence of blind mode: one document for each appointment. */
export class Liveness {
  readonly #liveness: Collection<Stored<LivenessRecord>>;

  constructor(liveness: Collection<Stored<LivenessRecord>>) {
    this.#liveness = liveness;
  }

  async list(): Promise<readonly LivenessRecord[]> {
    return (await this.#liveness.find().sort({ _id: 1 }).toArray()).map((record) => withoutKey(record));
  }

  /** Inserts the records and replaces existing ones. */
  async put(records: readonly LivenessRecord[]): Promise<void> {
    const byKey = new Map(records.map((record) => [record.appointmentId, record]));
    const there = await insertMissing(
      this.#liveness,
      [...byKey].map(([key, record]) => ({ _id: key, ...record })),
    );
    await inBatches([...there], async (batch) => {
      const operations = batch.flatMap((key) => {
        const replacement = byKey.get(key);
        return replacement ? [{ replaceOne: { filter: { _id: key }, replacement, upsert: true } }] : [];
      });
      await againstDuplicates(() => this.#liveness.bulkWrite(operations, { ordered: false }).then(() => undefined));
    });
  }

  async forget(endedBefore: Instant): Promise<void> {
    await this.#liveness.deleteMany({ end: { $lt: endedBefore } });
  }
}
