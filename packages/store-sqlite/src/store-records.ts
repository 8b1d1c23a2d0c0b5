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
import { Channels } from './channels.js';
import type { SqliteDatabase } from './database.js';
import { EventRecords } from './event-records.js';
import { FeedStates } from './feed-states.js';
import { JournalEntries } from './journal.js';
import { Liveness } from './liveness.js';
import { Signals } from './signals.js';
import { StoreCalls } from './store-calls.js';

/** The records of a store that are stored and listed without conditions. */
export abstract class StoreRecords extends StoreCalls {
  readonly #feeds: FeedStates;
  readonly #channels: Channels;
  readonly #liveness: Liveness;
  readonly #journal: JournalEntries;
  readonly #signals: Signals;
  readonly #eventRecords: EventRecords;

  protected constructor(database: SqliteDatabase) {
    super(database);
    this.#feeds = new FeedStates(database);
    this.#channels = new Channels(database);
    this.#liveness = new Liveness(database);
    this.#journal = new JournalEntries(database);
    this.#signals = new Signals(database);
    this.#eventRecords = new EventRecords(database);
  }

  getFeedState(feed: string): StoreResult<FeedState | null> {
    return this.read('getFeedState', () => this.#feeds.get(feed));
  }

  putFeedState(state: FeedState): StoreResult<void> {
    // May be lost at a power cut: the feed then repeats changes since an older token.
    const lasting = state.stopped || state.resumed || state.syncToken === null ? 'power-cut' : 'process';
    return this.stored('putFeedState', lasting, () => this.#feeds.put(state));
  }

  listChannels(): StoreResult<readonly WatchChannel[]> {
    return this.read('listChannels', () => this.#channels.list());
  }

  putChannel(channel: WatchChannel): StoreResult<void> {
    return this.stored('putChannel', 'power-cut', () => this.#channels.put(channel));
  }

  deleteChannel(channelId: string): StoreResult<void> {
    return this.stored('deleteChannel', 'power-cut', () => this.#channels.delete(channelId));
  }

  listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return this.read('listLiveness', () => this.#liveness.list());
  }

  putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    return this.stored('putLiveness', 'power-cut', () => this.#liveness.put(records));
  }

  forgetLiveness(endedBefore: Instant): StoreResult<void> {
    return this.stored('forgetLiveness', 'process', () => this.#liveness.forget(endedBefore));
  }

  addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    return this.stored('addJournal', 'process', () => this.#journal.add(entries));
  }

  listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    return this.read('listJournal', () => this.#journal.list(appointmentId, limit));
  }

  listActivity(query: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    return this.read('listActivity', () => this.#journal.activity(query));
  }

  forgetJournal(before: Instant, keep: number): StoreResult<void> {
    return this.stored('forgetJournal', 'process', () => this.#journal.forget(before, keep));
  }

  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    return this.stored('addSignals', 'power-cut', () => this.#signals.add(signals));
  }

  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    return this.read('listSignals', () => this.#signals.list(query));
  }

  putSignal(signal: OutgoingSignal): StoreResult<void> {
    return this.stored('putSignal', 'process', () => this.#signals.put(signal));
  }

  forgetSignals(before: Instant): StoreResult<void> {
    return this.stored('forgetSignals', 'process', () => this.#signals.forget(before));
  }

  putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    return this.stored('putEventRecords', 'soon', () => this.#eventRecords.put(records));
  }

  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    return this.read('listEventRecords', () => this.#eventRecords.list(query));
  }

  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    return this.stored('deleteEventRecords', 'process', () => this.#eventRecords.delete(keys));
  }
}
