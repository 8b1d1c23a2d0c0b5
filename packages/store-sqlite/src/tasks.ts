import { Err, Ok, type DeadLetter, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, ClaimRequest, NewTask, TaskCounts } from '@loft/sync-core/store';
import type { SqliteDatabase } from './database.js';
import type { DeadLetters } from './dead-letters.js';
import { Fences } from './fences.js';
import { longestDue } from './longest-due.js';
import { storeError } from './store-error.js';
import { TaskRows, type QueuedTask } from './task-rows.js';

/** The claim of a running task. */
interface Claim {
  readonly owner: string;
  readonly fence: number;
  readonly leaseUntil: Instant;
}

/**
 * The tasks in memory; their rows are for the next process. The file belongs to this process, so no other can claim a
 * task, and claims are kept in memory only. When a process opens the file, a task may already have been claimed before.
 */
export class Tasks {
  readonly #database: SqliteDatabase;
  readonly #letters: DeadLetters;
  readonly #rows: TaskRows;
  readonly #fences: Fences;
  readonly #tasks = new Map<string, QueuedTask>();
  readonly #claims = new Map<string, Claim>();

  constructor(database: SqliteDatabase, letters: DeadLetters) {
    this.#database = database;
    this.#letters = letters;
    this.#rows = new TaskRows(database);
    this.#fences = new Fences(database);
    for (const task of this.#rows.all()) {
      this.#tasks.set(task.appointmentId, { ...task, claims: Math.max(1, task.claims) });
    }
  }

  add(tasks: readonly NewTask[], now: Instant): void {
    this.#database.transaction(() => {
      for (const task of tasks) this.#put(marked(this.#tasks.get(task.appointmentId), task, now));
    });
  }

  /** Claims due tasks. Writes only the reserved fences, once per block, and a creation time that lies in the future. */
  claim({ owner, now, leaseMs, limit, only, latestDueAt = Infinity }: ClaimRequest): readonly ClaimedTask[] {
    const among = only
      ? [...new Set(only)].flatMap((appointmentId) => this.#tasks.get(appointmentId) ?? [])
      : this.#tasks.values();
    const isDue = ({ dueAt }: QueuedTask): boolean => dueAt <= now || dueAt > latestDueAt;
    const due = longestDue(among, limit, (task) => isDue(task) && !this.#isClaimed(task, now, latestDueAt));
    const leaseUntil = now + leaseMs;
    return due.map((stored) => {
      const task = { ...stored, createdAt: Math.min(stored.createdAt, now) };
      if (task.createdAt !== stored.createdAt) this.#put(task);
      const { appointmentId, trigger, event, mark, attempts, createdAt } = task;
      const claims = task.claims + 1;
      const fence = this.#fences.next(now);
      this.#claims.set(appointmentId, { owner, fence, leaseUntil });
      this.#tasks.set(appointmentId, { ...task, claims });
      return { appointmentId, trigger, event, mark, attempts, claims, createdAt, owner, fence, leaseUntil };
    });
  }

  renew(task: ClaimedTask, leaseUntil: Instant): Result<void, SyncError> {
    if (!this.#heldBy(task)) return noLongerOurs('renewTask', task);
    const { appointmentId, owner, fence } = task;
    this.#claims.set(appointmentId, { owner, fence, leaseUntil });
    return Ok.EMPTY;
  }

  /**
   * Ends a task in memory if it has no new mark since it was claimed. Its row is removed later (`removeRow`); if the
   * process ends before that, the next one repeats the task and finds nothing to change.
   *
   * @returns null if the end must be written (`complete`)
   */
  end(task: ClaimedTask): 'done' | null {
    const held = this.#heldBy(task);
    if (held?.mark !== task.mark) return null;
    this.#claims.delete(task.appointmentId);
    this.#tasks.delete(task.appointmentId);
    return 'done';
  }

  /** Removes the row of an ended task, if no task of the same appointment was added since. */
  removeRow(appointmentId: string): void {
    if (!this.#tasks.has(appointmentId)) this.#rows.remove(appointmentId);
  }

  complete(task: ClaimedTask, now: Instant, againAt: Instant): Result<'done' | 'again', SyncError> {
    const held = this.#heldBy(task);
    if (!held) return noLongerOurs('completeTask', task);
    this.#letGo(task.appointmentId);
    if (held.mark === task.mark) {
      this.#remove(held);
      return Ok('done');
    }
    this.#put({ ...held, dueAt: againAt, attempts: 0, claims: 0, createdAt: now });
    return Ok('again');
  }

  postpone(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): Result<void, SyncError> {
    const held = this.#heldBy(task);
    if (!held) return noLongerOurs('postponeTask', task);
    this.#letGo(task.appointmentId);
    this.#put({ ...held, dueAt: held.mark === task.mark ? dueAt : againAt, attempts });
    return Ok.EMPTY;
  }

  deadLetter(task: ClaimedTask, letter: DeadLetter): Result<void, SyncError> {
    return this.#database.transaction(() => {
      const ended = this.complete(task, letter.at, letter.at);
      if (ended.err) return noLongerOurs('deadLetterTask', task);
      this.#letters.put(letter);
      return Ok.EMPTY;
    });
  }

  release(owner: string): void {
    for (const [appointmentId, claim] of this.#claims) if (claim.owner === owner) this.#claims.delete(appointmentId);
  }

  nextDueAt(): Instant | null {
    let next: Instant | null = null;
    for (const { appointmentId, dueAt } of this.#tasks.values()) {
      const at = this.#claims.get(appointmentId)?.leaseUntil ?? dueAt;
      if (next === null || at < next) next = at;
    }
    return next;
  }

  count(now: Instant): TaskCounts {
    const counts = { due: 0, waiting: 0, claimed: 0 };
    for (const task of this.#tasks.values()) {
      if (this.#isClaimed(task, now)) counts.claimed++;
      else if (task.dueAt <= now) counts.due++;
      else counts.waiting++;
    }
    return counts;
  }

  #isClaimed({ appointmentId }: QueuedTask, now: Instant, latest = Infinity): boolean {
    const claim = this.#claims.get(appointmentId);
    return claim !== undefined && claim.leaseUntil > now && claim.leaseUntil <= latest;
  }

  /** @returns the task if the claim is current: not claimed since, and not released */
  #heldBy({ appointmentId, owner, fence }: ClaimedTask): QueuedTask | null {
    const claim = this.#claims.get(appointmentId);
    if (claim?.owner !== owner || claim.fence !== fence) return null;
    return this.#tasks.get(appointmentId) ?? null;
  }

  #letGo(appointmentId: string): void {
    const claim = this.#claims.get(appointmentId);
    if (!claim) return;
    this.#claims.delete(appointmentId);
    this.#database.onRollback(() => this.#claims.set(appointmentId, claim));
  }

  #put(task: QueuedTask): void {
    const before = this.#tasks.get(task.appointmentId);
    this.#rows.put(task);
    this.#tasks.set(task.appointmentId, task);
    this.#database.onRollback(() => this.#restore(task.appointmentId, before));
  }

  #remove(task: QueuedTask): void {
    this.#rows.remove(task.appointmentId);
    this.#tasks.delete(task.appointmentId);
    this.#database.onRollback(() => this.#restore(task.appointmentId, task));
  }

  #restore(appointmentId: string, before: QueuedTask | undefined): void {
    if (before) this.#tasks.set(appointmentId, before);
    else this.#tasks.delete(appointmentId);
  }
}

/** Creates a task, or adds a mark to the existing one. */
function marked(
  there: QueuedTask | undefined,
  { appointmentId, dueAt, trigger, event }: NewTask,
  now: Instant,
): QueuedTask {
  if (!there) return { appointmentId, dueAt, trigger, event, mark: 1, attempts: 0, claims: 0, createdAt: now };
  return { ...there, mark: there.mark + 1, dueAt: Math.min(there.dueAt, dueAt), trigger, event: event ?? there.event };
}

function noLongerOurs(method: string, task: ClaimedTask): Result<never, SyncError> {
  const message = `the task of ${task.appointmentId} is no longer held under fence ${task.fence}`;
  return Err(storeError(method, 'conflict', message));
}
