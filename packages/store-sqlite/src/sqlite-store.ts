import { Err, MemoryStore, Ok, type BookingEventMap, type DeadLetter, type Instant } from '@loft/sync-core';
import type {
  MapQuery,
  SyncStore,
  ClaimedTask,
  ClaimRequest,
  Lease,
  NewTask,
  StoreResult,
  TaskCounts,
} from '@loft/sync-core/store';
import type { Command, SqliteDatabase } from './database.js';
import { DeadLetters } from './dead-letters.js';
import { Maps } from './maps.js';
import { storeError } from './store-error.js';
import { StoreRecords } from './store-records.js';
import { OpenFile } from './open-file.js';
import { Tasks } from './tasks.js';

/**
 * `SyncStore` on one SQLite file that belongs to this process alone.
 *
 * Every method runs without interruption by other work of the process, and its writes are stored completely or not at
 * all. Concurrent writes share a commit (ADR 15). Leases of feeds are kept in memory, because no other process can take
 * them.
 */
export class SqliteStore extends StoreRecords implements SyncStore {
  readonly supports = { sharing: false, journal: true } as const;
  readonly #database: SqliteDatabase;
  readonly #maps: Maps;
  readonly #tasks: Tasks;
  readonly #letters: DeadLetters;
  readonly #leases = new MemoryStore();
  readonly #touch: Command;
  readonly #file: OpenFile;

  /** Expects a file that is locked by this process and has the newest schema (`openSqliteStore`). */
  constructor(database: SqliteDatabase) {
    super(database);
    this.#database = database;
    this.#file = new OpenFile(database.path);
    this.#maps = new Maps(database);
    this.#letters = new DeadLetters(database);
    this.#tasks = new Tasks(database, this.#letters);
    this.#touch = database.command(`UPDATE counters SET value = value + 1 WHERE name = 'ping'`);
  }

  getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return this.read('getMap', () => this.#maps.get(appointmentId));
  }

  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    return this.read('findMapByEvent', () => this.#maps.findByEvent(eventId));
  }

  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    return this.read('listMaps', () => this.#maps.list(query));
  }

  putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    // A lost map of an insert is rebuilt from the event, and the write that follows an intent waits for `flush` (ADR
    // 24).
    const lasting = map.version === 0 || map.intent !== null ? 'soon' : 'power-cut';
    return this.write('putMap', lasting, () => this.#maps.put(map));
  }

  forgetMaps(before: Instant): StoreResult<void> {
    return this.stored('forgetMaps', 'process', () => this.#maps.forget(before));
  }

  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    return this.stored('addTasks', 'soon', () => this.#tasks.add(tasks, now));
  }

  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    return this.read('claimTasks', () => this.#tasks.claim(request));
  }

  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    return this.guarded('renewTask', () => this.#tasks.renew(task, leaseUntil));
  }

  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    return this.guarded('completeTask', () => {
      const ended = this.#tasks.end(task);
      if (ended === null) return this.commits.write('process', () => this.#tasks.complete(task, now, againAt));
      this.commits.writeLater(() => this.#tasks.removeRow(task.appointmentId));
      return Ok(ended);
    });
  }

  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    return this.write('postponeTask', 'process', () => this.#tasks.postpone(task, dueAt, attempts, againAt));
  }

  deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    return this.write('deadLetterTask', 'power-cut', () => this.#tasks.deadLetter(task, letter));
  }

  releaseTasks(owner: string): StoreResult<void> {
    return this.read('releaseTasks', () => this.#tasks.release(owner));
  }

  nextTaskDueAt(): StoreResult<Instant | null> {
    return this.read('nextTaskDueAt', () => this.#tasks.nextDueAt());
  }

  countTasks(now: Instant): StoreResult<TaskCounts> {
    return this.read('countTasks', () => this.#tasks.count(now));
  }

  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]> {
    return this.read('listDeadLetters', () => this.#letters.list(page));
  }

  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return this.read('getDeadLetter', () => this.#letters.get(appointmentId));
  }

  deleteDeadLetter(appointmentId: string): StoreResult<void> {
    return this.stored('deleteDeadLetter', 'power-cut', () => this.#letters.delete(appointmentId));
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

  async ping(): StoreResult<void> {
    if (!this.closed && this.#file.isLost()) return Err(storeError('ping', 'transient', this.#file.lostMessage));
    return this.stored('ping', 'process', () => {
      this.#touch.run();
    });
  }

  flush(): StoreResult<void> {
    return this.guarded('flush', async () => {
      await this.commits.flush();
      return Ok.EMPTY;
    });
  }

  /** Writes the journal back into the file, and closes it. May be called twice. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.commits.close();
    this.#database.close();
  }
}
