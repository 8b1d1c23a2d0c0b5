import {
  Err,
  MemoryStore,
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
import { Channels } from './channels.js';
import type { Command, SqliteDatabase } from './database.js';
import { DeadLetters } from './dead-letters.js';
import { FeedStates } from './feed-states.js';
import { GroupCommit, type Lasting } from './group-commit.js';
import { JournalEntries } from './journal.js';
import { Liveness } from './liveness.js';
import { Maps } from './maps.js';
import { asStoreError, storeError } from './store-error.js';
import { EventRecords } from './event-records.js';
import { OpenFile } from './open-file.js';
import { Signals } from './signals.js';
import { Tasks } from './tasks.js';

/**
 * `SyncStore` on one SQLite file that belongs to this process alone.
 *
 * Every method runs without interruption by other work of the process, and its writes are stored completely or not at
 * all. Concurrent writes share a commit (ADR 15). Leases of feeds are kept in memory, because no other process can take
 * them.
 */
export class SqliteStore implements SyncStore {
  readonly supports = { sharing: false, journal: true } as const;
  readonly #database: SqliteDatabase;
  readonly #commits: GroupCommit;
  readonly #maps: Maps;
  readonly #tasks: Tasks;
  readonly #letters: DeadLetters;
  readonly #feeds: FeedStates;
  readonly #channels: Channels;
  readonly #liveness: Liveness;
  readonly #journal: JournalEntries;
  readonly #signals: Signals;
  readonly #eventRecords: EventRecords;
  readonly #leases = new MemoryStore();
  readonly #touch: Command;
  readonly #file: OpenFile;
  #closed = false;

  /** Expects a file that is locked by this process and has the newest schema (`openSqliteStore`). */
  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#file = new OpenFile(database.path);
    database.flushOnRequestOnly();
    this.#commits = new GroupCommit(database);
    this.#maps = new Maps(database);
    this.#letters = new DeadLetters(database);
    this.#tasks = new Tasks(database, this.#letters);
    this.#feeds = new FeedStates(database);
    this.#channels = new Channels(database);
    this.#liveness = new Liveness(database);
    this.#journal = new JournalEntries(database);
    this.#signals = new Signals(database);
    this.#eventRecords = new EventRecords(database);
    this.#touch = database.command(`UPDATE counters SET value = value + 1 WHERE name = 'ping'`);
  }

  getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return this.#read('getMap', () => this.#maps.get(appointmentId));
  }

  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    return this.#read('findMapByEvent', () => this.#maps.findByEvent(eventId));
  }

  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    return this.#read('listMaps', () => this.#maps.list(query));
  }

  putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    // A lost map of an insert is rebuilt from the event, and the write that follows an intent waits for `flush` (ADR
    // 24).
    const lasting = map.version === 0 || map.intent !== null ? 'soon' : 'power-cut';
    return this.#write('putMap', lasting, () => this.#maps.put(map));
  }

  forgetMaps(before: Instant): StoreResult<void> {
    return this.#stored('forgetMaps', 'process', () => this.#maps.forget(before));
  }

  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    return this.#stored('addTasks', 'soon', () => this.#tasks.add(tasks, now));
  }

  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    return this.#read('claimTasks', () => this.#tasks.claim(request));
  }

  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    return this.#guarded('renewTask', () => this.#tasks.renew(task, leaseUntil));
  }

  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    return this.#guarded('completeTask', () => {
      const ended = this.#tasks.end(task);
      if (ended === null) return this.#commits.write('process', () => this.#tasks.complete(task, now, againAt));
      this.#commits.writeLater(() => this.#tasks.removeRow(task.appointmentId));
      return Ok(ended);
    });
  }

  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    return this.#write('postponeTask', 'process', () => this.#tasks.postpone(task, dueAt, attempts, againAt));
  }

  deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    return this.#write('deadLetterTask', 'power-cut', () => this.#tasks.deadLetter(task, letter));
  }

  releaseTasks(owner: string): StoreResult<void> {
    return this.#read('releaseTasks', () => this.#tasks.release(owner));
  }

  nextTaskDueAt(): StoreResult<Instant | null> {
    return this.#read('nextTaskDueAt', () => this.#tasks.nextDueAt());
  }

  countTasks(now: Instant): StoreResult<TaskCounts> {
    return this.#read('countTasks', () => this.#tasks.count(now));
  }

  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]> {
    return this.#read('listDeadLetters', () => this.#letters.list(page));
  }

  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return this.#read('getDeadLetter', () => this.#letters.get(appointmentId));
  }

  deleteDeadLetter(appointmentId: string): StoreResult<void> {
    return this.#stored('deleteDeadLetter', 'power-cut', () => this.#letters.delete(appointmentId));
  }

  getFeedState(feed: string): StoreResult<FeedState | null> {
    return this.#read('getFeedState', () => this.#feeds.get(feed));
  }

  putFeedState(state: FeedState): StoreResult<void> {
    // May be lost at a power cut: the feed then repeats changes since an older token.
    const lasting = state.stopped || state.resumed || state.syncToken === null ? 'power-cut' : 'process';
    return this.#stored('putFeedState', lasting, () => this.#feeds.put(state));
  }

  acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    return this.#leases.acquireLease(lease, now);
  }

  getLease(name: string): StoreResult<Lease | null> {
    return this.#leases.getLease(name);
  }

  listLeases(prefix: string): StoreResult<readonly Lease[]> {
    return this.#leases.listLeases(prefix);
  }

  releaseLease(name: string, owner: string): StoreResult<void> {
    return this.#leases.releaseLease(name, owner);
  }

  listChannels(): StoreResult<readonly WatchChannel[]> {
    return this.#read('listChannels', () => this.#channels.list());
  }

  putChannel(channel: WatchChannel): StoreResult<void> {
    return this.#stored('putChannel', 'power-cut', () => this.#channels.put(channel));
  }

  deleteChannel(channelId: string): StoreResult<void> {
    return this.#stored('deleteChannel', 'power-cut', () => this.#channels.delete(channelId));
  }

  listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return this.#read('listLiveness', () => this.#liveness.list());
  }

  putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    return this.#stored('putLiveness', 'power-cut', () => this.#liveness.put(records));
  }

  forgetLiveness(endedBefore: Instant): StoreResult<void> {
    return this.#stored('forgetLiveness', 'process', () => this.#liveness.forget(endedBefore));
  }

  addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    return this.#stored('addJournal', 'process', () => this.#journal.add(entries));
  }

  listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    return this.#read('listJournal', () => this.#journal.list(appointmentId, limit));
  }

  listActivity(query: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    return this.#read('listActivity', () => this.#journal.activity(query));
  }

  forgetJournal(before: Instant, keep: number): StoreResult<void> {
    return this.#stored('forgetJournal', 'process', () => this.#journal.forget(before, keep));
  }

  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    return this.#stored('addSignals', 'power-cut', () => this.#signals.add(signals));
  }

  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    return this.#read('listSignals', () => this.#signals.list(query));
  }

  putSignal(signal: OutgoingSignal): StoreResult<void> {
    return this.#stored('putSignal', 'process', () => this.#signals.put(signal));
  }

  forgetSignals(before: Instant): StoreResult<void> {
    return this.#stored('forgetSignals', 'process', () => this.#signals.forget(before));
  }

  putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    return this.#stored('putEventRecords', 'soon', () => this.#eventRecords.put(records));
  }

  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    return this.#read('listEventRecords', () => this.#eventRecords.list(query));
  }

  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    return this.#stored('deleteEventRecords', 'process', () => this.#eventRecords.delete(keys));
  }

  async ping(): StoreResult<void> {
    if (!this.#closed && this.#file.isLost()) return Err(storeError('ping', 'transient', this.#file.lostMessage));
    return this.#stored('ping', 'process', () => {
      this.#touch.run();
    });
  }

  flush(): StoreResult<void> {
    return this.#guarded('flush', async () => {
      await this.#commits.flush();
      return Ok.EMPTY;
    });
  }

  /** Writes the journal back into the file, and closes it. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#commits.close();
    this.#database.close();
  }

  #read<T>(method: string, work: () => T): StoreResult<T> {
    return this.#guarded(method, () => Ok(work()));
  }

  #stored<T>(method: string, lasting: Lasting, work: () => T): StoreResult<T> {
    return this.#write(method, lasting, () => Ok(work()));
  }

  #write<T>(method: string, lasting: Lasting, work: () => Result<T, SyncError>): StoreResult<T> {
    return this.#guarded(method, () => this.#commits.write(lasting, work));
  }

  async #guarded<T>(method: string, work: () => Result<T, SyncError> | StoreResult<T>): StoreResult<T> {
    if (this.#closed) return Err(storeError(method, 'invalid', 'the store is closed'));
    try {
      return await work();
    } catch (thrown) {
      const error = asStoreError(method, thrown);
      if (error === null) throw thrown;
      return Err(error);
    }
  }
}
