import type { Instant } from '@loft/sync-core';
import type { Lease } from '@loft/sync-core/store';
import type { Collection } from 'mongodb';
import { withoutKey, type Stored } from './records.js';
import { isDuplicateKey } from './store-error.js';

/** The named leases: one document each. */
export class Leases {
  readonly #leases: Collection<Stored<Lease>>;

  constructor(leases: Collection<Stored<Lease>>) {
    this.#leases = leases;
  }

  /** Takes the lease if it is ours or has expired. If there is none, the first replica that inserts it holds it. */
  async acquire({ name, owner, until }: Lease, now: Instant): Promise<boolean> {
    const open = { _id: name, $or: [{ owner }, { until: { $lte: now } }] };
    if ((await this.#leases.updateOne(open, { $set: { owner, until } })).matchedCount === 1) return true;
    try {
      await this.#leases.insertOne({ _id: name, name, owner, until });
      return true;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return false;
      throw thrown;
    }
  }

  async get(name: string): Promise<Lease | null> {
    const record = await this.#leases.findOne({ _id: name });
    return record && withoutKey(record);
  }

  /** By the primary key, which every server has an index on. */
  async list(prefix: string): Promise<readonly Lease[]> {
    const within = { _id: { $gte: prefix, $lt: `${prefix}\u{10FFFF}` } };
    return (await this.#leases.find(within).sort({ _id: 1 }).toArray()).map(withoutKey);
  }

  async release(name: string, owner: string): Promise<void> {
    await this.#leases.deleteOne({ _id: name, owner });
  }
}
