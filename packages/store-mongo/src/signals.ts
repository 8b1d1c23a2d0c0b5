import type { Instant } from '@loft/sync-core';
import type { OutgoingSignal, SignalQuery } from '@loft/sync-core/store';
import type { Collection } from 'mongodb';
import { insertMissing } from './insert-missing.js';
import { putRecord } from './put-record.js';
import { withoutKey, type Stored } from './records.js';

/** The outbox: one document for each signal and receiver. */
export class Signals {
  readonly #signals: Collection<Stored<OutgoingSignal>>;

  constructor(signals: Collection<Stored<OutgoingSignal>>) {
    this.#signals = signals;
  }

  async add(signals: readonly OutgoingSignal[]): Promise<void> {
    if (signals.length === 0) return;
    await insertMissing(
      this.#signals,
      signals.map((signal) => ({ _id: signal.id, ...signal })),
    );
  }

  async list({ receiver, state, after, limit }: SignalQuery): Promise<readonly OutgoingSignal[]> {
    if (limit !== undefined && limit <= 0) return [];
    const filter = {
      ...(receiver !== undefined && { receiver }),
      ...(state !== undefined && { state }),
      ...(after && { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.id } }] }),
    };
    // 0 means no limit.
    const found = this.#signals
      .find(filter)
      .sort({ at: 1, _id: 1 })
      .limit(limit ?? 0);
    return (await found.toArray()).map((record) => withoutKey(record));
  }

  async put(signal: OutgoingSignal): Promise<void> {
    await putRecord(this.#signals, signal.id, signal);
  }

  async forget(before: Instant): Promise<void> {
    await this.#signals.deleteMany({ at: { $lt: before }, state: { $in: ['delivered', 'dead'] } });
  }
}
