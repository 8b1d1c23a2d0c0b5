import { isShared } from '../../ports/sync-store.js';
import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import { type SyncError, bug } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { CancelTimer } from '../../ports/clock.js';
import type { EngineParts } from '../engine-parts.js';
import type { Reconciler } from '../reconcile/reconciler.js';
import { TaskCompletion } from './complete-task.js';
import { LeasedTask } from './leased-task.js';
import { type TaskQueue, LateTasks } from './task-queue.js';

export interface WorkerOptions {
  readonly parts: EngineParts;
  readonly queue: TaskQueue;
  readonly reconciler: Reconciler;
  /** Number of appointments processed in parallel. */
  readonly concurrency: number;
}

/** Interval in which a shared store is queried for tasks of other replicas. */
const SHARED_CLAIM_MS: number = SECOND;
/** Wait after a failed claim. */
const STORE_RETRY_MS: number = SECOND;
/** Maximum delay of the timer: after a correction of the clock a task may be due earlier than computed. */
const LONGEST_SLEEP_MS: number = MINUTE;

/**
 * Claims due tasks and processes them: one worker per appointment, different appointments in parallel.
 * ```
 * closed ──start──▶ starting ──open──▶ claiming ──stop──▶ draining ──last task ended──▶ stopped
 *                                       │  ▲
 *                                       └──┘ a task was stored, is due, or has ended; a circuit allows a probe
 * ```
 *
 * While starting, the worker processes only hinted appointments: the results of the first lists are decided together with
 * the first poll. A worker that is opened without a start claims all tasks.
 */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #completion: TaskCompletion;
  readonly #late: LateTasks;
  readonly #running = new Map<string, Promise<void>>();
  /** Claimed, waiting for a free concurrency slot. */
  readonly #claimed: ClaimedTask[] = [];
  #state: 'closed' | 'starting' | 'claiming' | 'draining' = 'closed';
  /** Hinted while starting. */
  readonly #admitted = new Set<string>();
  #pumping: Promise<void> | null = null;
  #pumpAgain = false;
  /** The last claim was full, so more tasks may be due. Always true for a shared store. */
  #mayBeMore = true;
  #cancelTimer: CancelTimer | null = null;
  #finished = 0;
  #claimError: SyncError | null = null;

  constructor(options: WorkerOptions) {
    const { parts, queue } = options;
    this.#options = options;
    this.#completion = new TaskCompletion(parts, queue);
    this.#late = new LateTasks(parts.rules.timing, parts.leaseMs);
    queue.onStored = () => this.#wake();
    parts.circuits.onClosed = () => void this.resumeDeferred();
  }

  /** Number of tasks completed since the start. */
  get finished(): number {
    return this.#finished;
  }

  /** Why tasks cannot be claimed. Null if the last claim succeeded. */
  get claimError(): SyncError | null {
    return this.#claimError;
  }

  /** Starts claiming the tasks of hints. Before, tasks are only stored. */
  start(): void {
    if (this.#state === 'closed') this.#state = 'starting';
  }

  /** Starts claiming all tasks. */
  open(): void {
    if (this.#state !== 'draining') this.#state = 'claiming';
    this.#admitted.clear();
    this.#wake();
  }

  /** Call before a hint of the appointment is stored: while starting, its task is processed. */
  admit(appointmentId: string): void {
    if (this.#state === 'starting') this.#admitted.add(appointmentId);
  }

  /** Stops claiming, completes the current work, and releases tasks that are only claimed. */
  async stop(): Promise<void> {
    this.#state = 'draining';
    this.#admitted.clear();
    this.#cancelTimer?.();
    this.#claimed.length = 0;
    await this.#pumping;
    await this.runningEnded();
    const { store, owner } = this.#options.parts;
    await store.releaseTasks(owner);
  }

  /** Resolves when the current tasks have ended. */
  async runningEnded(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** Resolves when no task is due or in progress. */
  async drain(): Promise<void> {
    // Wakes once: a wake during a pump requests another pump, so repeated wakes would never end.
    this.#wake();
    while (this.#pumping !== null || this.#running.size > 0) {
      await this.#pumping;
      await this.runningEnded();
    }
  }

  #wake(): void {
    if (!this.#mayClaim) return;
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = this.#pump().finally(() => {
      this.#pumping = null;
      if (this.#pumpAgain) {
        this.#pumpAgain = false;
        this.#wake();
      }
    });
  }

  /** Claims tasks up to the free concurrency; if none is due, sets a timer for the next due time. */
  async #pump(): Promise<void> {
    const { parts, concurrency } = this.#options;
    const { owner, leaseMs, store, clock, circuits, systems } = parts;
    this.#startClaimed();
    this.#mayBeMore = true;
    let free = concurrency - this.#running.size;
    if (free <= 0) return;
    const openUntil = circuits.shutUntil(Object.values(systems));
    if (openUntil !== null) {
      // An open circuit blocks a whole system: tasks stay stored, and one of them is the probe.
      if (this.#running.size > 0) return;
      if (openUntil > clock.now()) return this.#wakeAt(openUntil);
      free = 1;
    }
    // Claiming a batch saves store calls, but in a shared store it would keep tasks from other replicas.
    const limit = free === 1 || isShared(store) ? free : concurrency;
    const only = this.#state === 'starting' ? { only: [...this.#admitted] } : {};
    const claimed = await store.claimTasks({ owner, leaseMs, limit, ...this.#late.claimAt(clock.now()), ...only });
    this.#noteClaim(claimed.err ? claimed.val : null);
    if (claimed.err) {
      // Wakes during the wait use the timer: a failing store is not queried without a pause.
      this.#pumpAgain = false;
      return this.#wakeAt(clock.now() + STORE_RETRY_MS);
    }
    this.#claimed.push(...claimed.val);
    if (!this.#mayClaim) return;
    this.#startClaimed();
    this.#mayBeMore = claimed.val.length === limit || isShared(store);
    if (claimed.val.length < limit) await this.#sleep();
    else this.#pumpAgain = this.#running.size < concurrency;
  }

  /** Reports the first of several consecutive failed claims, and the recovery. */
  #noteClaim(error: SyncError | null): void {
    const { clock, emit } = this.#options.parts;
    const before = this.#claimError;
    this.#claimError = error;
    if ((before === null) === (error === null)) return;
    const level = error ? 'error' : 'info';
    const message = error ? `tasks cannot be claimed: ${error.message}` : 'tasks can be claimed again';
    emit({ type: 'notice', at: clock.now(), level, message, appointmentId: null, calendarId: null });
  }

  #startClaimed(): void {
    while (this.#running.size < this.#options.concurrency) {
      // A lost task may be claimed again while this process still works on it.
      const next = this.#claimed.findIndex(({ appointmentId }) => !this.#running.has(appointmentId));
      if (next < 0) return;
      for (const task of this.#claimed.splice(next, 1)) this.#start(task);
    }
  }

  get #mayClaim(): boolean {
    return this.#state === 'claiming' || this.#admitted.size > 0;
  }

  async #sleep(): Promise<void> {
    const { store, clock } = this.#options.parts;
    if (this.#state === 'starting') return this.#wakeAt(clock.now() + SHARED_CLAIM_MS);
    const next = await store.nextTaskDueAt();
    const now = clock.now();
    const latest = isShared(store) ? now + SHARED_CLAIM_MS : Infinity;
    const at = next.err ? now + STORE_RETRY_MS : Math.min(next.val ?? Infinity, latest);
    if (at !== Infinity) this.#wakeAt(at);
  }

  #wakeAt(at: Instant): void {
    this.#cancelTimer?.();
    if (!this.#mayClaim) return;
    const { clock } = this.#options.parts;
    const delay = Math.min(Math.max(1, at - clock.now()), LONGEST_SLEEP_MS);
    this.#cancelTimer = clock.setTimer(delay, () => {
      this.#cancelTimer = null;
      this.#wake();
    });
  }

  #start(claimed: ClaimedTask): void {
    const task = new LeasedTask(claimed, this.#options.parts);
    const run = this.#work(task)
      .catch((thrown: unknown) => this.#reportBug(task, thrown))
      .finally(() => {
        task.end();
        this.#running.delete(task.appointmentId);
        this.#finished++;
        this.#startClaimed();
        if (this.#claimed.length === 0 && this.#mayBeMore) this.#wake();
      });
    this.#running.set(task.appointmentId, run);
  }

  async #work(task: ClaimedTask): Promise<void> {
    const { parts, queue, reconciler } = this.#options;
    const { states } = queue;
    const { observation, hadDeadLetter } = states.begin(task, parts.clock.now());
    const outcome = await reconciler.work(task, observation);
    states.workFinished(task.appointmentId, outcome.kind === 'done' && outcome.attempt !== null, parts.clock.now());
    if (!(await this.#completion.complete(task, outcome, hadDeadLetter))) this.#mayBeMore = true;
  }

  /** Reports a bug. The task stays claimed until its lease ends, and is then tried again. */
  #reportBug({ appointmentId }: ClaimedTask, thrown: unknown): void {
    const { clock, emit } = this.#options.parts;
    const { message } = bug('work', thrown);
    emit({ type: 'notice', at: clock.now(), level: 'error', message, appointmentId, calendarId: null });
  }

  /** The reason of the deferral has ended: the deferred tasks are due now. */
  async resumeDeferred(): Promise<void> {
    if (!this.#mayClaim) return;
    await this.#options.queue.resumeDeferred();
    this.#wake();
  }
}
