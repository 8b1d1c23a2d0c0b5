import { HOUR, MemoryStore, type BookingEventMap, type DeadLetter, type SyncError } from '@loft/sync-core';
import type { ClaimedTask, SyncStore } from '@loft/sync-core/store';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { TaskCompletion } from '#src/engine/queue/complete-task.js';
import type { Failure } from '#src/engine/queue/retry-or-dead-letter.js';
import { TaskQueue } from '#src/engine/queue/task-queue.js';
import type { WorkItem } from '#src/engine/queue/appointment-state.js';
import type { Attempt, Outcome } from '#src/engine/reconcile/outcome.js';
import type { Action, Reason } from '#src/rules/decision.js';
import type { Situation } from '#src/rules/situation.js';
import { anEvent, aSituation, EVENT_ID, ID } from '../rules/situations.js';
import { ActBench, failure, type Answers } from './act-bench.js';
import { overridden } from './overridden.js';
import { BAY1, type Overrides } from './world.js';

export const EVENT = { calendarId: BAY1.calendarId, eventId: EVENT_ID };
export const TRANSIENT = failure('uschedule', 'transient');
export const REFUSED = failure('uschedule', 'refused');
export const STORE_FAILS = failure('store', 'transient');

/** A queue with its store, and the completion of its tasks. */
export class QueueBench {
  readonly act = new ActBench();
  readonly store: MemoryStore;
  readonly parts: EngineParts;
  readonly queue: TaskQueue;
  readonly completion: TaskCompletion;

  constructor({
    isShared = false,
    answers = {},
    overrides = {},
  }: { readonly isShared?: boolean; readonly answers?: Answers; readonly overrides?: Overrides } = {}) {
    this.store = new MemoryStore({ shared: isShared });
    const inherited = this.act.parts(overrides, answers);
    this.parts = { ...inherited, store: overridden<SyncStore>(this.store, answers.store ?? {}) };
    this.queue = new TaskQueue(this.parts);
    this.completion = new TaskCompletion(this.parts, this.queue);
  }

  get now(): number {
    return this.act.clock.now();
  }

  async add(change: Partial<WorkItem> = {}): Promise<void> {
    const item = {
      appointmentId: ID,
      trigger: 'sweep',
      event: null,
      observed: {},
      fingerprint: null,
      ...change,
    } as const;
    (await this.queue.add([item])).unwrap();
  }

  async claim(): Promise<ClaimedTask> {
    const request = { owner: 'me', now: this.now, leaseMs: HOUR, limit: 1 };
    const [task] = (await this.store.claimTasks(request)).unwrap();
    if (!task) throw new Error('no task is due');
    return task;
  }

  async claimed(change: Partial<WorkItem> = {}): Promise<ClaimedTask> {
    await this.add(change);
    return this.claim();
  }

  async nextDueAt(): Promise<number | null> {
    return (await this.store.nextTaskDueAt()).unwrap();
  }

  async letter(): Promise<DeadLetter | null> {
    return (await this.store.getDeadLetter(ID)).unwrap();
  }

  async edits(): Promise<readonly unknown[]> {
    return (await this.store.listEventRecords({ kind: 'edit' })).unwrap();
  }
}

export function anAttempt(
  action: Action,
  reason: Reason,
  change: Partial<Situation> = {},
  map: BookingEventMap | null = null,
): Attempt {
  return { action, reason, situation: aSituation({ map, ...change }), map, durationMs: 5 };
}

export const RESCHEDULE: Action = {
  do: 'reschedule-booking',
  bay: BAY1,
  event: anEvent(),
  base: { start: 1, end: 2, bay: '1', title: '', description: '' },
};
export const CANCEL = (because: 'event-deleted' | 'replaced'): Action => ({
  do: 'cancel-booking',
  appointmentId: ID,
  because,
  intent: null,
});
export const DONE: Outcome = { kind: 'done', attempt: null, refusal: null };

export function failed(error: SyncError, change: Partial<Failure> = {}): Failure {
  return { kind: 'failed', error, attempt: null, map: null, fingerprint: null, ...change };
}

export function aLetter(change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    appointmentId: ID,
    ...EVENT,
    reason: null,
    attempts: 8,
    error: TRANSIENT,
    at: 0,
    fingerprint: null,
    retryAt: null,
    revivals: 0,
    ...change,
  };
}

/** Stores a dead letter, as another task of the appointment has. */
export async function storeLetter(bench: QueueBench, letter = aLetter()): Promise<void> {
  const task = await bench.claimed();
  (await bench.store.deadLetterTask(task, letter)).unwrap();
}
