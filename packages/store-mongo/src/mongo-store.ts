import {
  Err,
  Ok,
  type BookingEventMap,
  type DeadLetter,
  type Instant,
  type Result,
  type SyncError,
} from '@loft/sync-core';
import type {
  MapQuery,
  SyncStore,
  ActivityQuery,
  ClaimedTask,
  ClaimRequest,
  FeedState,
  JournalEntry,
  Lease,
  LivenessRecord,
  NewTask,
  EventRecord,
  EventRecordKey,
  EventRecordQuery,
  OutgoingSignal,
  SignalQuery,
  StoreResult,
  TaskCounts,
  WatchChannel,
} from '@loft/sync-core/store';
import type { MongoClient } from 'mongodb';
import { DeadLetters } from './dead-letters.js';
import { Fences, MissingCounter } from './fences.js';
import { JournalEntries } from './journal.js';
import { Leases } from './leases.js';
import { Liveness } from './liveness.js';
import { Maps } from './maps.js';
import { putRecord } from './put-record.js';
import { withoutKey, type Collections } from './records.js';
import { EventRecords } from './event-records.js';
import { Signals } from './signals.js';
import { asStoreError, storeError } from './store-error.js';
import { Tasks } from './tasks.js';

/**
 * `SyncStore` on a MongoDB server, for any number of replicas.
 *
 * It uses only commands on single documents, which the server executes atomically: no transactions, no change streams, no
 * pipelines. A method with several commands runs them in an order in which an interruption loses nothing.
 */
export class MongoStore implements SyncStore {
  readonly supports = { sharing: true, journal: true } as const;
  readonly #client: MongoClient;
  readonly #collections: Collections;
  readonly #maps: Maps;
  readonly #tasks: Tasks;
  readonly #letters: DeadLetters;
  readonly #leases: Leases;
  readonly #liveness: Liveness;
  readonly #journal: JournalEntries;
  readonly #signals: Signals;
  readonly #eventRecords: EventRecords;
  #closed = false;

  /** Expects a database with its indexes and counters (`openMongoStore`). */
  constructor(client: MongoClient, collections: Collections) {
    this.#client = client;
    this.#collections = collections;
    this.#maps = new Maps(collections.maps);
    this.#letters = new DeadLetters(collections.deadLetters);
    this.#tasks = new Tasks(collections.tasks, this.#letters, new Fences(collections.counters));
    this.#leases = new Leases(collections.leases);
    this.#liveness = new Liveness(collections.liveness);
    this.#journal = new JournalEntries(collections.journal);
    this.#signals = new Signals(collections.signals);
    this.#eventRecords = new EventRecords(collections.eventRecords);
  }

  getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return this.#answer('getMap', () => this.#maps.get(appointmentId));
  }

  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    return this.#answer('findMapByEvent', () => this.#maps.findByEvent(eventId));
  }

  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    return this.#answer('listMaps', () => this.#maps.list(query));
  }

  putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    return this.#run('putMap', () => this.#maps.put(map));
  }

  forgetMaps(before: Instant): StoreResult<void> {
    return this.#answer('forgetMaps', () => this.#maps.forget(before));
  }

  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    return this.#answer('addTasks', () => this.#tasks.add(tasks, now));
  }

  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    return this.#answer('claimTasks', () => this.#tasks.claim(request));
  }

  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    return this.#run('renewTask', () => this.#tasks.renew(task, leaseUntil));
  }

  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    return this.#run('completeTask', () => this.#tasks.complete(task, now, againAt));
  }

  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    return this.#run('postponeTask', () => this.#tasks.postpone(task, dueAt, attempts, againAt));
  }

  deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    return this.#run('deadLetterTask', () => this.#tasks.deadLetter(task, letter));
  }

  releaseTasks(owner: string): StoreResult<void> {
    return this.#answer('releaseTasks', () => this.#tasks.release(owner));
  }

  nextTaskDueAt(): StoreResult<Instant | null> {
    return this.#answer('nextTaskDueAt', () => this.#tasks.nextDueAt());
  }

  countTasks(now: Instant): StoreResult<TaskCounts> {
    return this.#answer('countTasks', () => this.#tasks.count(now));
  }

  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]> {
    return this.#answer('listDeadLetters', () => this.#letters.list(page));
  }

  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return this.#answer('getDeadLetter', () => this.#letters.get(appointmentId));
  }

  deleteDeadLetter(appointmentId: string): StoreResult<void> {
    return this.#answer('deleteDeadLetter', () => this.#letters.delete(appointmentId));
  }

  getFeedState(feed: string): StoreResult<FeedState | null> {
    return this.#answer('getFeedState', async () => {
      const record = await this.#collections.feedStates.findOne({ _id: feed });
      return record && withoutKey(record);
    });
  }

  putFeedState(state: FeedState): StoreResult<void> {
    return this.#answer('putFeedState', () => putRecord(this.#collections.feedStates, state.feed, state));
  }

  acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    return this.#answer('acquireLease', () => this.#leases.acquire(lease, now));
  }

  getLease(name: string): StoreResult<Lease | null> {
    return this.#answer('getLease', () => this.#leases.get(name));
  }

  listLeases(prefix: string): StoreResult<readonly Lease[]> {
    return this.#answer('listLeases', () => this.#leases.list(prefix));
  }

  releaseLease(name: string, owner: string): StoreResult<void> {
    return this.#answer('releaseLease', () => this.#leases.release(name, owner));
  }

  listChannels(): StoreResult<readonly WatchChannel[]> {
    return this.#answer('listChannels', async () => {
      const records = await this.#collections.channels.find().sort({ _id: 1 }).toArray();
      return records.map((record) => withoutKey(record));
    });
  }

  putChannel(channel: WatchChannel): StoreResult<void> {
    return this.#answer('putChannel', () => putRecord(this.#collections.channels, channel.channelId, channel));
  }

  deleteChannel(channelId: string): StoreResult<void> {
    return this.#answer('deleteChannel', async () => {
      await this.#collections.channels.deleteOne({ _id: channelId });
    });
  }

  listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return this.#answer('listLiveness', () => this.#liveness.list());
  }

  putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    return this.#answer('putLiveness', () => this.#liveness.put(records));
  }

  forgetLiveness(endedBefore: Instant): StoreResult<void> {
    return this.#answer('forgetLiveness', () => this.#liveness.forget(endedBefore));
  }

  addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    return this.#answer('addJournal', () => this.#journal.add(entries));
  }

  listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    return this.#answer('listJournal', () => this.#journal.list(appointmentId, limit));
  }

  listActivity(query: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    return this.#answer('listActivity', () => this.#journal.activity(query));
  }

  forgetJournal(before: Instant, keep: number): StoreResult<void> {
    return this.#answer('forgetJournal', () => this.#journal.forget(before, keep));
  }

  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    return this.#answer('addSignals', () => this.#signals.add(signals));
  }

  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    return this.#answer('listSignals', () => this.#signals.list(query));
  }

  putSignal(signal: OutgoingSignal): StoreResult<void> {
    return this.#answer('putSignal', () => this.#signals.put(signal));
  }

  forgetSignals(before: Instant): StoreResult<void> {
    return this.#answer('forgetSignals', () => this.#signals.forget(before));
  }

  putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    return this.#answer('putEventRecords', () => this.#eventRecords.put(records));
  }

  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    return this.#answer('listEventRecords', () => this.#eventRecords.list(query));
  }

  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    return this.#answer('deleteEventRecords', () => this.#eventRecords.delete(keys));
  }

  ping(): StoreResult<void> {
    return this.#answer('ping', async () => {
      await this.#collections.counters.updateOne({ _id: 'ping' }, { $inc: { value: 1 } });
    });
  }

  /** A write is acknowledged by the majority's journals. */
  async flush(): StoreResult<void> {
    return Ok.EMPTY;
  }

  /** Closes the connection. A second call has no effect. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.close();
  }

  #answer<T>(method: string, work: () => Promise<T>): StoreResult<T> {
    return this.#run(method, async () => Ok(await work()));
  }

  async #run<T>(method: string, work: () => Promise<Result<T, SyncError>>): StoreResult<T> {
    // Otherwise the client would connect again and stay open.
    if (this.#closed) return Err(storeError(method, 'invalid', 'the store is closed'));
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof MissingCounter) return Err(storeError(method, 'invalid', thrown.message));
      const error = asStoreError(method, thrown);
      if (error === null) throw thrown;
      return Err(error);
    }
  }
}
