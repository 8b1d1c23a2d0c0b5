import {
  Err,
  MemoryStore,
  Ok,
  type BookingEventMap,
  type ClaimedTask,
  type ClaimRequest,
  type DeadLetter,
  type FeedState,
  type Instant,
  type JournalEntry,
  type Lease,
  type LivenessRecord,
  type MapQuery,
  type NewTask,
  type Result,
  type StoreResult,
  type SyncError,
  type SyncStore,
  type TaskCounts,
  type WatchChannel,
} from '@loft/sync-core';
import { Channels } from './channels.js';
import type { Command, SqliteDatabase } from './database.js';
import { DeadLetters } from './dead-letters.js';
import { FeedStates } from './feed-states.js';
import { JournalEntries } from './journal.js';
import { Liveness } from './liveness.js';
import { Maps } from './maps.js';
import { asStoreError, storeError } from './store-error.js';
import { Tasks } from './tasks.js';

/**
 * `SyncStore` on one SQLite file that this process has to itself.
 *
 * Every method is one transaction at most and runs to its end before anything else of this process does, so each is
 * atomic. Leases of feeds live in memory: nobody else could take them.
 */
export class SqliteStore implements SyncStore {
  readonly shared = false;
  readonly #database: SqliteDatabase;
  readonly #maps: Maps;
  readonly #tasks: Tasks;
  readonly #letters: DeadLetters;
  readonly #feeds: FeedStates;
  readonly #channels: Channels;
  readonly #liveness: Liveness;
  readonly #journal: JournalEntries;
  readonly #leases = new MemoryStore();
  readonly #touch: Command;
  #closed = false;

  /** On a file that is locked for us and has the newest schema (`openSqliteStore`). */
  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#maps = new Maps(database);
    this.#letters = new DeadLetters(database);
    this.#tasks = new Tasks(database, this.#letters);
    this.#feeds = new FeedStates(database);
    this.#channels = new Channels(database);
    this.#liveness = new Liveness(database);
    this.#journal = new JournalEntries(database);
    this.#touch = database.command(`UPDATE counters SET value = value + 1 WHERE name = 'ping'`);
  }

  /** Lets go of what a process held that is gone. */
  releaseAllTasks(): void {
    this.#tasks.releaseAll();
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

  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    return this.#answer('addTasks', () => this.#tasks.add(tasks, now));
  }

  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    return this.#answer('claimTasks', () => this.#tasks.claim(request));
  }

  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    return this.#run('renewTask', () => this.#tasks.renew(task, leaseUntil));
  }

  completeTask(task: ClaimedTask, now: Instant): StoreResult<'done' | 'again'> {
    return this.#run('completeTask', () => this.#tasks.complete(task, now));
  }

  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, now: Instant): StoreResult<void> {
    return this.#run('postponeTask', () => this.#tasks.postpone(task, dueAt, attempts, now));
  }

  buryTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    return this.#run('buryTask', () => this.#tasks.bury(task, letter));
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
    return this.#answer('getFeedState', () => this.#feeds.get(feed));
  }

  putFeedState(state: FeedState): StoreResult<void> {
    return this.#answer('putFeedState', () => this.#feeds.put(state));
  }

  acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    return this.#leases.acquireLease(lease, now);
  }

  getLease(name: string): StoreResult<Lease | null> {
    return this.#leases.getLease(name);
  }

  releaseLease(name: string, owner: string): StoreResult<void> {
    return this.#leases.releaseLease(name, owner);
  }

  listChannels(): StoreResult<readonly WatchChannel[]> {
    return this.#answer('listChannels', () => this.#channels.list());
  }

  putChannel(channel: WatchChannel): StoreResult<void> {
    return this.#answer('putChannel', () => this.#channels.put(channel));
  }

  deleteChannel(channelId: string): StoreResult<void> {
    return this.#answer('deleteChannel', () => this.#channels.delete(channelId));
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

  forgetJournal(before: Instant, keep: number): StoreResult<void> {
    return this.#answer('forgetJournal', () => this.#journal.forget(before, keep));
  }

  ping(): StoreResult<void> {
    return this.#answer('ping', () => {
      this.#touch.run();
    });
  }

  /** Writes everything back into the one file and lets go of it. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#database.close();
  }

  #answer<T>(method: string, work: () => T): StoreResult<T> {
    return this.#run(method, () => Ok(work()));
  }

  async #run<T>(method: string, work: () => Result<T, SyncError>): StoreResult<T> {
    if (this.#closed) return Err(storeError(method, 'invalid', 'the store is closed'));
    try {
      return work();
    } catch (thrown) {
      const error = asStoreError(method, thrown);
      if (error === null) throw thrown;
      return Err(error);
    }
  }
}
