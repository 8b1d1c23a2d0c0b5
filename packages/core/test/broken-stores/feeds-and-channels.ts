import { Err, Ok, type Instant } from '@loft/sync-core';
import type { FeedState, Lease, LivenessRecord, StoreResult, WatchChannel } from '@loft/sync-core/store';
import { Breakable, giveWay, type BrokenStores } from './breakable.js';

/** Stores that go wrong about feeds, leases, channels or liveness. */
export const brokenFeedsAndChannels: BrokenStores = {
  'all feeds share one state': class extends Breakable {
    override async getFeedState(feed: string): StoreResult<FeedState | null> {
      return Ok([...this.data.feedStates.values()].at(-1) ?? (await super.getFeedState(feed)).unwrap());
    }
  },
  'a field of a feed keeps its value when it is set to null': class extends Breakable {
    override async putFeedState(state: FeedState): StoreResult<void> {
      const before = this.data.feedStates.get(state.feed);
      return super.putFeedState({ ...state, syncToken: state.syncToken ?? before?.syncToken ?? null });
    }
  },
  'a named lease is granted to every owner': class extends Breakable {
    override async acquireLease(lease: Lease): StoreResult<boolean> {
      return super.acquireLease(lease, Infinity);
    }
  },
  'a named lease stays with its first owner after its expiry': class extends Breakable {
    override async acquireLease(lease: Lease): StoreResult<boolean> {
      return super.acquireLease(lease, -Infinity);
    }
  },
  'a named lease is read before it is taken, not atomically': class extends Breakable {
    override async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
      const held = this.data.leases.get(lease.name);
      if (held && held.owner !== lease.owner && held.until > now) return Ok(false);
      await giveWay();
      return super.acquireLease(lease, Infinity);
    }
  },
  'a named lease cannot be renewed': class extends Breakable {
    override async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
      const held = this.data.leases.get(lease.name);
      return held && held.until > now ? Ok(false) : super.acquireLease(lease, now);
    }
  },
  'a renewal does not extend a named lease': class extends Breakable {
    override async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
      const held = this.data.leases.get(lease.name);
      return held?.owner === lease.owner ? Ok(true) : super.acquireLease(lease, now);
    }
  },
  'there is one lease for all names': class extends Breakable {
    override async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
      return super.acquireLease({ ...lease, name: 'the lease' }, now);
    }
  },
  'a held named lease is not returned': class extends Breakable {
    override async getLease(): StoreResult<Lease | null> {
      return Ok(null);
    }
  },
  'a named lease is returned with the expiry of its first grant': class extends Breakable {
    readonly #first = new Map<string, Lease>();
    override async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
      if (!this.#first.has(lease.name)) this.#first.set(lease.name, lease);
      return super.acquireLease(lease, now);
    }
    override async getLease(name: string): StoreResult<Lease | null> {
      const held = (await super.getLease(name)).unwrap();
      return Ok(held && (this.#first.get(name) ?? null));
    }
  },
  'leases of all names are listed': class extends Breakable {
    override async listLeases(): StoreResult<readonly Lease[]> {
      return super.listLeases('');
    }
  },
  'leases are listed in the order of their creation': class extends Breakable {
    override async listLeases(prefix: string): StoreResult<readonly Lease[]> {
      return Ok([...this.data.leases.values()].filter(({ name }) => name.startsWith(prefix)));
    }
  },
  'another owner can release a lease': class extends Breakable {
    override async releaseLease(name: string): StoreResult<void> {
      this.data.leases.delete(name);
      return Ok.EMPTY;
    }
  },
  'a lease cannot be released': class extends Breakable {
    override async releaseLease(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'a calendar has one channel': class extends Breakable {
    override async putChannel(channel: WatchChannel): StoreResult<void> {
      for (const other of this.data.channels.values()) this.data.channels.delete(other.channelId);
      return super.putChannel(channel);
    }
  },
  'a channel is not replaced': class extends Breakable {
    override async putChannel(channel: WatchChannel): StoreResult<void> {
      return this.data.channels.has(channel.channelId) ? Ok.EMPTY : super.putChannel(channel);
    }
  },
  'a channel cannot be deleted': class extends Breakable {
    override async deleteChannel(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'storing liveness records removes all others': class extends Breakable {
    override async putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
      this.data.liveness.clear();
      return super.putLiveness(records);
    }
  },
  'a liveness record loses its field `dead`': class extends Breakable {
    override async putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
      return super.putLiveness(records.map((record) => ({ ...record, dead: false })));
    }
  },
  'liveness records are removed too early': class extends Breakable {
    override async forgetLiveness(endedBefore: Instant): StoreResult<void> {
      return super.forgetLiveness(endedBefore + 1);
    }
  },
  'liveness records are never removed': class extends Breakable {
    override async forgetLiveness(): StoreResult<void> {
      return Ok.EMPTY;
    }
  },
  'ping fails': class extends Breakable {
    override async ping(): StoreResult<void> {
      return Err({ kind: 'transient', system: 'store', method: 'ping', message: 'Out of reach.' });
    }
  },
};
