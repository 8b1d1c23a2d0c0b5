import type { Instant } from '@loft/sync-core';
import type { ActivityQuery, JournalEntry } from '@loft/sync-core/store';
import type { Collection } from 'mongodb';
import { insertMissing } from './insert-missing.js';
import { withoutKey, type Stored } from './records.js';

/** The journal of actions on appointments with their reasons: one document for each entry. */
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

  /** Entries of all appointments, newest first. */
  async activity({ since, before, limit }: ActivityQuery): Promise<readonly JournalEntry[]> {
    if (limit <= 0) return [];
    const filter = {
      ...(since !== undefined && { at: { $gte: since } }),
      ...(before && { $or: [{ at: { $lt: before.at } }, { at: before.at, _id: { $lt: before.id } }] }),
    };
    const newest = this.#journal.find(filter).sort({ at: -1, _id: -1 }).limit(limit);
    return (await newest.toArray()).map((record) => withoutKey(record));
  }

  async forget(before: Instant, keep: number): Promise<void> {
    await this.#journal.deleteMany({ at: { $lt: before } });
    const [last] = await this.#journal.find().sort({ at: -1, _id: -1 }).skip(keep).limit(1).toArray();
    if (!last) return;
    await this.#journal.deleteMany({ at: { $lt: last.at } });
    await this.#journal.deleteMany({ at: last.at, _id: { $lte: last.id } });
  }
}
