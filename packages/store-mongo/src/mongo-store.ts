import { Ok, type BookingEventMap, type DeadLetter, type Instant } from '@loft/sync-core';
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
import type { MongoClient } from 'mongodb';
import { DeadLetters } from './dead-letters.js';
import { Fences } from './fences.js';
import { Leases } from './leases.js';
import { Maps } from './maps.js';
import type { Collections } from './records.js';
import { StoreRecords } from './store-records.js';
import { Tasks } from './tasks.js';

/**
 * `SyncStore` on a MongoDB server, for any number of replicas.
 *
 * It uses only commands on single documents, which the server executes atomically: no transactions, no change streams, no
 * pipelines. A method with several commands runs them in an order in which an interruption loses nothing.
 */
export class MongoStore extends StoreRecords implements SyncStore {
  readonly supports = { sharing: true, journal: true } as const;
  readonly #client: MongoClient;
  readonly #collections: Collections;
  readonly #maps: Maps;
  readonly #tasks: Tasks;
  readonly #letters: DeadLetters;
  readonly #leases: Leases;

  /** Expects a database with its indexes and counters (`openMongoStore`). */
  constructor(client: MongoClient, collections: Collections) {
    super(collections);
    this.#client = client;
    this.#collections = collections;
    this.#maps = new Maps(collections.maps);
    this.#letters = new DeadLetters(collections.deadLetters);
    this.#tasks = new Tasks(collections.tasks, this.#letters, new Fences(collections));
    this.#leases = new Leases(collections.leases);
  }

  getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return this.answer('getMap', () => this.#maps.get(appointmentId));
  }

  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    return this.answer('findMapByEvent', () => this.#maps.findByEvent(eventId));
  }

  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    return this.answer('listMaps', () => this.#maps.list(query));
  }

  putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    return this.run('putMap', () => this.#maps.put(map));
  }

  forgetMaps(before: Instant): StoreResult<void> {
    return this.answer('forgetMaps', () => this.#maps.forget(before));
  }

  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    return this.answer('addTasks', () => this.#tasks.add(tasks, now));
  }

  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    return this.answer('claimTasks', () => this.#tasks.claim(request));
  }

  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    return this.run('renewTask', () => this.#tasks.renew(task, leaseUntil));
  }

  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    return this.run('completeTask', () => this.#tasks.complete(task, now, againAt));
  }

  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    return this.run('postponeTask', () => this.#tasks.postpone(task, dueAt, attempts, againAt));
  }

  deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    return this.run('deadLetterTask', () => this.#tasks.deadLetter(task, letter));
  }

  releaseTasks(owner: string): StoreResult<void> {
    return this.answer('releaseTasks', () => this.#tasks.release(owner));
  }

  nextTaskDueAt(): StoreResult<Instant | null> {
    return this.answer('nextTaskDueAt', () => this.#tasks.nextDueAt());
  }

  countTasks(now: Instant): StoreResult<TaskCounts> {
    return this.answer('countTasks', () => this.#tasks.count(now));
  }

  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]> {
    return this.answer('listDeadLetters', () => this.#letters.list(page));
  }

  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return this.answer('getDeadLetter', () => this.#letters.get(appointmentId));
  }

  deleteDeadLetter(appointmentId: string): StoreResult<void> {
    return this.answer('deleteDeadLetter', () => this.#letters.delete(appointmentId));
  }

  acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    return this.answer('acquireLease', () => this.#leases.acquire(lease, now));
  }

  getLease(name: string): StoreResult<Lease | null> {
    return this.answer('getLease', () => this.#leases.get(name));
  }

  listLeases(prefix: string): StoreResult<readonly Lease[]> {
    return this.answer('listLeases', () => this.#leases.list(prefix));
  }

  releaseLease(name: string, owner: string): StoreResult<void> {
    return this.answer('releaseLease', () => this.#leases.release(name, owner));
  }

  ping(): StoreResult<void> {
    return this.answer('ping', async () => {
      await this.#collections.counters.updateOne({ _id: 'ping' }, { $inc: { value: 1 } });
    });
  }

  /** A write is acknowledged by the majority's journals. */
  async flush(): StoreResult<void> {
    return Ok.EMPTY;
  }

  /** Closes the connection. A second call has no effect. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.#client.close();
  }
}
