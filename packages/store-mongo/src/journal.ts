import type { Instant, JournalEntry } from '@loft/sync-core';
import type { Collection } from 'mongodb';
import { insertMissing } from './insert-missing.js';
import { withoutKey, type Stored } from './records.js';

/** What was done to appointments, and why: one document for each entry. */
export class JournalEntries {
  readonly #journal: Collection<Stored<JournalEntry>>;

  constructor(journal: Collection<Stored<JournalEntry>>) {
    this.#journal = journal;
  }

  async add(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await insertMissing(
      this.#journal,
      entries.map((entry) => ({ _id: entry.id, ...entry })),
    );
  }

  async list(appointmentId: string, limit: number): Promise<readonly JournalEntry[]> {
    if (limit <= 0) return [];
    const newest = this.#journal.find({ appointmentId }).sort({ at: -1, _id: -1 }).limit(limit);
    return (await newest.toArray()).map((record) => withoutKey(record)).toReversed();
  }

  async forget(before: Instant, keep: number): Promise<void> {
    await this.#journal.deleteMany({ at: { $lt: before } });
    const [last] = await this.#journal.find().sort({ at: -1, _id: -1 }).skip(keep).limit(1).toArray();
    if (!last) return;
    await this.#journal.deleteMany({ at: { $lt: last.at } });
    await this.#journal.deleteMany({ at: last.at, _id: { $lte: last.id } });
  }
}
