import type { Instant } from '@loft/sync-core';
import type {
  ActivityQuery,
  EventRecord,
  EventRecordKey,
  EventRecordQuery,
  FeedState,
  JournalEntry,
  LivenessRecord,
  OutgoingSignal,
  SignalQuery,
  StoreResult,
  WatchChannel,
} from '@loft/sync-core/store';
import { EventRecords } from './event-records.js';
import { JournalEntries } from './journal.js';
import { Liveness } from './liveness.js';
import { putRecord } from './put-record.js';
import { withoutKey, type Collections } from './records.js';
import { Signals } from './signals.js';
import { StoreCalls } from './store-calls.js';

/** The records of a store that are stored and listed without conditions. */
export abstract class StoreRecords extends StoreCalls {
  readonly #collections: Collections;
  readonly #liveness: Liveness;
  readonly #journal: JournalEntries;
  readonly #signals: Signals;
  readonly #eventRecords: EventRecords;

  protected constructor(collections: Collections) {
    super();
    this.#collections = collections;
    this.#liveness = new Liveness(collections.liveness);
    this.#journal = new JournalEntries(collections.journal);
    this.#signals = new Signals(collections.signals);
    this.#eventRecords = new EventRecords(collections.eventRecords);
  }

  getFeedState(feed: string): StoreResult<FeedState | null> {
    return this.answer('getFeedState', async () => {
      const record = await this.#collections.feedStates.findOne({ _id: feed });
      return record && withoutKey(record);
    });
  }

  putFeedState(state: FeedState): StoreResult<void> {
    return this.answer('putFeedState', () => putRecord(this.#collections.feedStates, state.feed, state));
  }

  listChannels(): StoreResult<readonly WatchChannel[]> {
    return this.answer('listChannels', async () => {
      const records = await this.#collections.channels.find().sort({ _id: 1 }).toArray();
      return records.map((record) => withoutKey(record));
    });
  }

  putChannel(channel: WatchChannel): StoreResult<void> {
    return this.answer('putChannel', () => putRecord(this.#collections.channels, channel.channelId, channel));
  }

  deleteChannel(channelId: string): StoreResult<void> {
    return this.answer('deleteChannel', async () => {
      await this.#collections.channels.deleteOne({ _id: channelId });
    });
  }

  listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return this.answer('listLiveness', () => this.#liveness.list());
  }

  putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    return this.answer('putLiveness', () => this.#liveness.put(records));
  }

  forgetLiveness(endedBefore: Instant): StoreResult<void> {
    return this.answer('forgetLiveness', () => this.#liveness.forget(endedBefore));
  }

  addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    return this.answer('addJournal', () => this.#journal.add(entries));
  }

  listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    return this.answer('listJournal', () => this.#journal.list(appointmentId, limit));
  }

  listActivity(query: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    return this.answer('listActivity', () => this.#journal.activity(query));
  }

  forgetJournal(before: Instant, keep: number): StoreResult<void> {
    return this.answer('forgetJournal', () => this.#journal.forget(before, keep));
  }

  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    return this.answer('addSignals', () => this.#signals.add(signals));
  }

  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    return this.answer('listSignals', () => this.#signals.list(query));
  }

  putSignal(signal: OutgoingSignal): StoreResult<void> {
    return this.answer('putSignal', () => this.#signals.put(signal));
  }

  forgetSignals(before: Instant): StoreResult<void> {
    return this.answer('forgetSignals', () => this.#signals.forget(before));
  }

  putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    return this.answer('putEventRecords', () => this.#eventRecords.put(records));
  }

  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    return this.answer('listEventRecords', () => this.#eventRecords.list(query));
  }

  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    return this.answer('deleteEventRecords', () => this.#eventRecords.delete(keys));
  }
}
