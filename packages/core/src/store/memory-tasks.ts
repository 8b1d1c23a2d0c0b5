import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { ClaimedTask, DeadLetter, NewTask } from '../domain/task.js';
import type { ClaimRequest, StoreResult, TaskCounts } from '../ports/sync-store.js';
import { Err, Ok, type Result } from '../result.js';
import { compareCodePoints } from './code-point-order.js';
import { frozenCopy } from './frozen-copy.js';
import type { MemoryTask } from './memory-data.js';

import { MemoryRecords } from './memory-records.js';

/** The tasks and dead letters of a memory store. */
export class MemoryTasks extends MemoryRecords {
  async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    for (const { appointmentId, dueAt, trigger, event: seen } of tasks) {
      const event = frozenCopy(seen);
      const stored = this.data.tasks.get(appointmentId);
      this.#setTask(
        stored
          ? {
              ...stored,
              trigger,
              event: event ?? stored.event,
              dueAt: Math.min(stored.dueAt, dueAt),
              mark: stored.mark + 1,
            }
          : { appointmentId, dueAt, trigger, event, mark: 1, attempts: 0, claims: 0, createdAt: now, claim: null },
      );
    }
    return Ok.EMPTY;
  }

  async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    const { owner, now, leaseMs, limit } = request;
    const due = this.#candidates(request.only).filter((task) => isDue(task, request) && !isHeld(task, request));
    due.sort((a, b) => a.dueAt - b.dueAt || compareCodePoints(a.appointmentId, b.appointmentId));
    // A new store continues above the fences of a lost one.
    if (this.data.lastFence === 0) this.data.lastFence = Math.ceil(now);
    const claimed = due.slice(0, Math.max(0, limit)).map((task): ClaimedTask => {
      const claim = { owner, fence: ++this.data.lastFence, leaseUntil: now + leaseMs };
      const held = { ...task, claims: task.claims + 1, createdAt: Math.min(task.createdAt, now), claim };
      this.#setTask(held);
      const { appointmentId, mark, trigger, event, attempts, claims, createdAt } = held;
      return Object.freeze({ appointmentId, ...claim, mark, trigger, event, attempts, claims, createdAt });
    });
    return Ok(Object.freeze(claimed));
  }

  async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored?.claim) return noLongerOurs('renewTask', task);
    this.#setTask({ ...stored, claim: { ...stored.claim, leaseUntil } });
    return Ok.EMPTY;
  }

  async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('completeTask', task);
    if (stored.mark === task.mark) {
      this.data.tasks.delete(task.appointmentId);
      return Ok('done');
    }
    this.#setTask(asNew(stored, now, againAt));
    return Ok('again');
  }

  async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('postponeTask', task);
    this.#setTask({ ...stored, dueAt: stored.mark === task.mark ? dueAt : againAt, attempts, claim: null });
    return Ok.EMPTY;
  }

  async deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('deadLetterTask', task);
    this.data.deadLetters.set(letter.appointmentId, frozenCopy(letter));
    if (stored.mark === task.mark) this.data.tasks.delete(task.appointmentId);
    else this.#setTask(asNew(stored, letter.at, letter.at));
    return Ok.EMPTY;
  }

  async releaseTasks(owner: string): StoreResult<void> {
    for (const task of this.data.tasks.values()) {
      if (task.claim?.owner === owner) this.#setTask({ ...task, claim: null });
    }
    return Ok.EMPTY;
  }

  async nextTaskDueAt(): StoreResult<Instant | null> {
    let next: Instant | null = null;
    for (const task of this.data.tasks.values()) {
      const at = task.claim ? task.claim.leaseUntil : task.dueAt;
      if (next === null || at < next) next = at;
    }
    return Ok(next);
  }

  async countTasks(now: Instant): StoreResult<TaskCounts> {
    let due = 0;
    let waiting = 0;
    let claimed = 0;
    for (const task of this.data.tasks.values()) {
      if (isHeld(task, { now })) claimed++;
      else if (task.dueAt <= now) due++;
      else waiting++;
    }
    return Ok({ due, waiting, claimed });
  }

  async listDeadLetters(page: {
    readonly after?: string;
    readonly limit?: number;
  }): StoreResult<readonly DeadLetter[]> {
    const { after, limit } = page;
    const letters = [...this.data.deadLetters.values()]
      .filter((letter) => after === undefined || compareCodePoints(letter.appointmentId, after) > 0)
      .sort((a, b) => compareCodePoints(a.appointmentId, b.appointmentId));
    return Ok(Object.freeze(letters.slice(0, limit)));
  }

  async getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return Ok(this.data.deadLetters.get(appointmentId) ?? null);
  }

  async deleteDeadLetter(appointmentId: string): StoreResult<void> {
    this.data.deadLetters.delete(appointmentId);
    return Ok.EMPTY;
  }

  #setTask(task: MemoryTask): void {
    this.data.tasks.set(task.appointmentId, task);
  }

  #candidates(only: readonly string[] | undefined): MemoryTask[] {
    if (!only) return [...this.data.tasks.values()];
    return [...new Set(only)].flatMap((appointmentId) => this.data.tasks.get(appointmentId) ?? []);
  }

  /** Returns the stored task if `task` is its current claim. */
  #held(task: ClaimedTask): MemoryTask | null {
    const stored = this.data.tasks.get(task.appointmentId);
    return stored?.claim?.fence === task.fence ? stored : null;
  }
}

function isDue({ dueAt }: MemoryTask, { now, latestDueAt = Infinity }: ClaimRequest): boolean {
  return dueAt <= now || dueAt > latestDueAt;
}

function isHeld(
  { claim }: MemoryTask,
  { now, latestDueAt = Infinity }: Pick<ClaimRequest, 'now' | 'latestDueAt'>,
): boolean {
  return claim !== null && claim.leaseUntil > now && claim.leaseUntil <= latestDueAt;
}

/** Returns a task that was marked during its completion, reset to a first attempt. */
function asNew(task: MemoryTask, now: Instant, dueAt: Instant): MemoryTask {
  return { ...task, dueAt, attempts: 0, claims: 0, createdAt: now, claim: null };
}

/** The error of a write with a lost claim. */
export function conflict(method: string, message: string): Result<never, SyncError> {
  return Err({ kind: 'conflict', system: 'store', method, message });
}

function noLongerOurs(method: string, task: ClaimedTask): Result<never, SyncError> {
  return conflict(method, `the task of ${task.appointmentId} is no longer held under fence ${task.fence}`);
}
