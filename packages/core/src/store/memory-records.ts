import type { FeedState } from '../domain/feed-state.js';
import type { Instant } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { EventRecord, EventRecordKey } from '../domain/event-record.js';
import type { OutgoingSignal } from '../domain/outgoing-signal.js';
import type { WatchChannel } from '../domain/watch-channel.js';
import type {
  ActivityQuery,
  Lease,
  EventRecordQuery,
  SignalQuery,
  StoreResult,
  TimePlace,
} from '../ports/sync-store.js';
import { Ok } from '../result.js';
import { compareCodePoints } from './code-point-order.js';
import { frozenCopy } from './frozen-copy.js';
import type { MemoryData } from './memory-data.js';

/**
 * The records of a memory store besides maps and tasks: feeds, leases, channels, liveness, journal, signals and records of
 * events.
 */
export class MemoryRecords {
  protected readonly data: MemoryData;

  constructor(data: MemoryData) {
    this.data = data;
  }

  async getFeedState(feed: string): StoreResult<FeedState | null> {
    return Ok(this.data.feedStates.get(feed) ?? null);
  }

  async putFeedState(state: FeedState): StoreResult<void> {
    this.data.feedStates.set(state.feed, frozenCopy(state));
    return Ok.EMPTY;
  }

  async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    const held = this.data.leases.get(lease.name);
    if (held && held.owner !== lease.owner && held.until > now) return Ok(false);
    this.data.leases.set(lease.name, frozenCopy(lease));
    return Ok(true);
  }

  async getLease(name: string): StoreResult<Lease | null> {
    return Ok(this.data.leases.get(name) ?? null);
  }

  async listLeases(prefix: string): StoreResult<readonly Lease[]> {
    const leases = [...this.data.leases.values()].filter(({ name }) => name.startsWith(prefix));
    return Ok(Object.freeze(leases.toSorted((a, b) => compareCodePoints(a.name, b.name))));
  }

  async releaseLease(name: string, owner: string): StoreResult<void> {
    if (this.data.leases.get(name)?.owner === owner) this.data.leases.delete(name);
    return Ok.EMPTY;
  }

  async listChannels(): StoreResult<readonly WatchChannel[]> {
    return Ok(Object.freeze([...this.data.channels.values()]));
  }

  async putChannel(channel: WatchChannel): StoreResult<void> {
    this.data.channels.set(channel.channelId, frozenCopy(channel));
    return Ok.EMPTY;
  }

  async deleteChannel(channelId: string): StoreResult<void> {
    this.data.channels.delete(channelId);
    return Ok.EMPTY;
  }

  async listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return Ok(Object.freeze([...this.data.liveness.values()]));
  }

  async putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    for (const record of records) this.data.liveness.set(record.appointmentId, frozenCopy(record));
    return Ok.EMPTY;
  }

  async forgetLiveness(endedBefore: Instant): StoreResult<void> {
    for (const record of this.data.liveness.values()) {
      if (record.end < endedBefore) this.data.liveness.delete(record.appointmentId);
    }
    return Ok.EMPTY;
  }

  async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    for (const entry of entries) {
      if (!this.data.journal.has(entry.id)) this.data.journal.set(entry.id, frozenCopy(entry));
    }
    return Ok.EMPTY;
  }

  async listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    const own = [...this.data.journal.values()].filter((entry) => entry.appointmentId === appointmentId);
    return Ok(Object.freeze(own.sort(byTime).slice(Math.max(0, own.length - limit))));
  }

  async listActivity({ since, before, limit }: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    const fitting = [...this.data.journal.values()].filter(
      (entry) => (since === undefined || entry.at >= since) && (before === undefined || byTime(entry, before) < 0),
    );
    return Ok(Object.freeze(fitting.sort((a, b) => byTime(b, a)).slice(0, Math.max(0, limit))));
  }

  async forgetJournal(before: Instant, keep: number): StoreResult<void> {
    const entries = [...this.data.journal.values()].sort(byTime);
    for (const [index, { id, at }] of entries.entries()) {
      if (at < before || index < entries.length - keep) this.data.journal.delete(id);
    }
    return Ok.EMPTY;
  }

  async addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    for (const signal of signals) {
      if (!this.data.signals.has(signal.id)) this.data.signals.set(signal.id, frozenCopy(signal));
    }
    return Ok.EMPTY;
  }

  async listSignals({ receiver, state, after, limit }: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    const fitting = [...this.data.signals.values()].filter(
      (signal) =>
        (receiver === undefined || signal.receiver === receiver) &&
        (state === undefined || signal.state === state) &&
        (after === undefined || byTime(signal, after) > 0),
    );
    return Ok(Object.freeze(fitting.sort(byTime).slice(0, limit)));
  }

  async putSignal(signal: OutgoingSignal): StoreResult<void> {
    this.data.signals.set(signal.id, frozenCopy(signal));
    return Ok.EMPTY;
  }

  async forgetSignals(before: Instant): StoreResult<void> {
    for (const { id, at, state } of this.data.signals.values()) {
      if (at < before && state !== 'waiting') this.data.signals.delete(id);
    }
    return Ok.EMPTY;
  }

  async putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    for (const record of records) this.data.eventRecords.set(recordKey(record), frozenCopy(record));
    return Ok.EMPTY;
  }

  async listEventRecords({ kind, appointmentId }: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    const fitting = [...this.data.eventRecords.values()].filter(
      (record) => record.kind === kind && (appointmentId === undefined || record.appointmentId === appointmentId),
    );
    return Ok(Object.freeze(fitting.sort((a, b) => compareCodePoints(a.id, b.id))));
  }

  async deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    for (const key of keys) this.data.eventRecords.delete(recordKey(key));
    return Ok.EMPTY;
  }
}

function byTime(a: TimePlace, b: TimePlace): number {
  return a.at - b.at || compareCodePoints(a.id, b.id);
}

function recordKey({ kind, id }: EventRecordKey): string {
  return `${kind} ${id}`;
}
