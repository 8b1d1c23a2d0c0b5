import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, DeadLetter, EventRef, NewTask } from '../../domain/task.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import { retryDelayMs } from '../../rules/retry-policy.js';
import { actionEvent } from '../reconcile/action-event.js';
import { Backfill } from './backfill.js';
import { FailedTasks, LONGEST_WAIT } from './failed-tasks.js';
import type { EngineParts } from '../engine-parts.js';
import { HintRests } from './hint-rests.js';
import { Observations, type Observation } from '../reconcile/observations.js';
import { PendingNews } from './pending-news.js';
import type { Outcome } from '../reconcile/outcome.js';
import type { Reconciler } from '../reconcile/reconciler.js';
import { RenewedTask } from './renewed-task.js';
import { eventOfLetter, revival, type Work } from './work.js';

export interface WorkerOptions {
  readonly parts: EngineParts;
  readonly reconciler: Reconciler;
  /** Appointments worked on side by side. */
  readonly concurrency: number;
}

/** A store that others write to is looked at this often for work they have left. */
const SHARED_LOOK_MS = 1000;
/** After the store could not be reached. */
const STORE_RETRY_MS = 1000;

/**
 * Takes due tasks from the store and works on them, each appointment by one worker at a time, different ones side by
 * side.
 *
 * ```
 * closed ──open──▶ taking ──stop──▶ draining ──last task done──▶ stopped
 *                   │  ▲
 *                   └──┘ a task was added, is due, or was finished; a circuit lets a probe through
 * ```
 */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #observations = new Observations();
  readonly #backfill: Backfill;
  readonly #pending: PendingNews;
  readonly #hints = new HintRests();
  readonly #failed: FailedTasks;
  readonly #running = new Map<string, Promise<void>>();
  /** Appointments known to have a dead letter, which goes when they succeed, with the event it is about. */
  readonly #parked = new Map<string, EventRef | null>();
  /** Claimed, and waiting for a free hand. */
  readonly #queue: ClaimedTask[] = [];
  #state: 'closed' | 'taking' | 'draining' = 'closed';
  #pumping: Promise<void> | null = null;
  #pumpAgain = false;
  /** Something may be due that was not claimed. Where others add tasks too, that is always so. */
  #mayBeMore = true;
  #cancelTimer: CancelTimer | null = null;
  #finished = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { store, settings } = options.parts;
    this.#pending = new PendingNews({
      shared: store.shared,
      forgetMs: LONGEST_WAIT * settings.retry.maxMs,
      onForgotten: (appointmentId) => this.#observations.drop(appointmentId),
    });
    this.#failed = new FailedTasks(options.parts, this.#hints);
    this.#backfill = new Backfill(options.parts.clock, options.parts.quota);
    options.parts.circuits.onClosed = () => void this.#letIn();
  }

  /** Tasks finished since the start. */
  get finished(): number {
    return this.#finished;
  }

  /** Starts taking tasks. Before, they are only stored. */
  open(): void {
    if (this.#state === 'closed') this.#state = 'taking';
    this.#wake();
  }

  /** Takes no more, finishes what is under way, gives back what is only claimed. */
  async stop(): Promise<void> {
    this.#state = 'draining';
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#queue.length = 0;
    await this.#pumping;
    await Promise.all(this.#running.values());
    await this.#options.parts.store.releaseTasks(this.#options.parts.owner);
  }

  /** Stores that these need attention. What was seen travels along in memory. Ok once it is stored. */
  async add(works: readonly Work[]): Promise<Result<void, SyncError>> {
    const { store, clock } = this.#options.parts;
    const now = clock.now();
    const news = works.filter((work) => !this.#isStored(work, now));
    for (const { appointmentId, seen } of works) this.#observations.add(appointmentId, seen);
    if (news.length === 0) return Ok.EMPTY;
    const hinted = news.filter(isHint).map(({ appointmentId }) => this.#hints.storing(appointmentId, now));
    const stored = await store.addTasks(this.#due(news, now), now);
    if (stored.err) return stored;
    for (const isStored of hinted) isStored();
    for (const work of news) if (!isHint(work)) this.#hints.hurry(work.appointmentId);
    for (const { appointmentId, fingerprint } of news) this.#pending.stored(appointmentId, fingerprint, now);
    this.#wake();
    return Ok.EMPTY;
  }

  /** The same is stored already, and will be worked on after now. Of a shared store nobody can say that of a hint. */
  #isStored(work: Work, now: Instant): boolean {
    const { appointmentId, fingerprint } = work;
    if (fingerprint !== null) return this.#pending.isKnown(appointmentId, fingerprint, now);
    return isHint(work) && !this.#options.parts.store.shared && this.#hints.isWaiting(appointmentId);
  }

  /** What a poll has found may be a backfill, and hints may come in storms; all else is due now. */
  #due(news: readonly Work[], now: Instant): readonly NewTask[] {
    const prompt = news
      .filter(({ trigger }) => trigger !== 'poll')
      .map((work) => ({ work, dueAt: isHint(work) ? this.#hints.dueAt(work.appointmentId, now) : now }));
    const polled = this.#backfill.schedule(news.filter(({ trigger }) => trigger === 'poll'));
    return [...prompt, ...polled].map(({ work: { appointmentId, trigger, event }, dueAt }) => {
      return { appointmentId, trigger, event: event ?? this.#parked.get(appointmentId) ?? null, dueAt };
    });
  }

  /** Something that was found out about the appointment is still to be worked on. */
  isBusyWith(appointmentId: string): boolean {
    return this.#pending.has(appointmentId, this.#options.parts.clock.now());
  }

  /** All that a poll has found to need attention, before it is added: what earlier polls have found besides is done. */
  stillNews(works: readonly Work[]): void {
    this.#pending.keepTold(new Set(works.map(({ appointmentId }) => appointmentId)));
  }

  /** These appointments have a dead letter. */
  noteParked(letters: readonly DeadLetter[]): void {
    for (const letter of letters) this.#parked.set(letter.appointmentId, eventOfLetter(letter));
  }

  /** Resolves when nothing is due and nothing is under way. */
  async drain(): Promise<void> {
    // Woken once only: a wake-up during a pump asks for another pump, and so on for ever.
    this.#wake();
    while (this.#pumping !== null || this.#running.size > 0) {
      await this.#pumping;
      await Promise.all(this.#running.values());
    }
  }

  #wake(): void {
    if (this.#state !== 'taking') return;
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

  /** Fills the free hands; when nothing is due, sets the timer for when something will be. */
  async #pump(): Promise<void> {
    const { parts, concurrency } = this.#options;
    this.#startQueued();
    this.#mayBeMore = true;
    let free = concurrency - this.#running.size;
    if (free <= 0) return;
    const shutUntil = parts.circuits.shutUntil(Object.values(parts.systems));
    if (shutUntil !== null) {
      // A whole system is shut: tasks stay where they are; one of them is the probe when its time has come.
      if (this.#running.size > 0) return;
      if (shutUntil > parts.clock.now()) return this.#wakeAt(shutUntil);
      free = 1;
    }
    const { owner, leaseMs, store } = parts;
    // More than there are hands saves questions, but what waits for a hand here could be worked on by another replica.
    const limit = free === 1 || store.shared ? free : concurrency;
    const claimed = await store.claimTasks({ owner, leaseMs, limit, now: parts.clock.now() });
    if (claimed.err) {
      // Who woke us meanwhile is served by the timer: a store that takes long to fail is not asked without a pause.
      this.#pumpAgain = false;
      return this.#wakeAt(parts.clock.now() + STORE_RETRY_MS);
    }
    this.#queue.push(...claimed.val);
    if (this.#state !== 'taking') return;
    this.#startQueued();
    this.#mayBeMore = claimed.val.length === limit || store.shared;
    if (claimed.val.length < limit) await this.#sleep();
    else this.#pumpAgain = this.#running.size < concurrency;
  }

  #startQueued(): void {
    while (this.#queue.length > 0 && this.#running.size < this.#options.concurrency) {
      const task = this.#queue.shift();
      if (task) this.#start(task);
    }
  }

  async #sleep(): Promise<void> {
    const { store, clock } = this.#options.parts;
    const next = await store.nextTaskDueAt();
    const now = clock.now();
    const latest = store.shared ? now + SHARED_LOOK_MS : Infinity;
    const at = next.err ? now + STORE_RETRY_MS : Math.min(next.val ?? Infinity, latest);
    if (at !== Infinity) this.#wakeAt(at);
  }

  #wakeAt(at: Instant): void {
    this.#cancelTimer?.();
    if (this.#state !== 'taking') return;
    const { clock } = this.#options.parts;
    this.#cancelTimer = clock.setTimer(Math.max(1, at - clock.now()), () => {
      this.#cancelTimer = null;
      this.#wake();
    });
  }

  #start(claimed: ClaimedTask): void {
    const task = new RenewedTask(claimed, this.#options.parts);
    const work = this.#work(task).then((gone) => {
      if (!gone) this.#mayBeMore = true;
    });
    const run = work.finally(() => {
      task.end();
      this.#running.delete(task.appointmentId);
      this.#finished++;
      this.#startQueued();
      if (this.#queue.length === 0 && this.#mayBeMore) this.#wake();
    });
    this.#running.set(task.appointmentId, run);
  }

  /** true: the task is gone. Else it is due again, at once or later. */
  async #work(task: ClaimedTask): Promise<boolean> {
    const { parts, reconciler } = this.#options;
    this.#hints.begins(task.appointmentId, parts.clock.now());
    const parked = this.#parked.has(task.appointmentId);
    const outcome = await reconciler.work(task, this.#seenOf(task, parked));
    const now = parts.clock.now();
    this.#hints.ends(task.appointmentId, outcome.kind === 'done' && outcome.attempt !== null, now);
    switch (outcome.kind) {
      case 'done':
        if (outcome.attempt) {
          parts.emit(actionEvent(outcome.attempt, task, { at: now, outcome: 'ok', error: outcome.refusal }));
        }
        return this.#complete(task, parked);
      case 'superseded': {
        const { by: appointmentId, events } = outcome;
        const work = {
          appointmentId,
          trigger: 'follow-up',
          event: task.event,
          seen: { events },
          fingerprint: null,
        } as const;
        const added = await this.add([work]);
        return added.ok ? this.#complete(task, parked) : this.#putOff(task, now + STORE_RETRY_MS);
      }
      case 'wait':
        return this.#putOff(task, outcome.dueAt);
      case 'lost':
        this.#pending.forget(task.appointmentId);
        return this.#putOff(task, now + retryDelayMs(1, null, parts.settings.retry, parts.random));
      case 'failed':
        return this.#fail(task, outcome);
    }
  }

  /** null, or `recall`: both sides have to be read. */
  #seenOf(task: ClaimedTask, parked: boolean): Observation | null {
    const seen = this.#observations.take(task.appointmentId);
    // What another replica has seen is newer, perhaps, than what is left here.
    if (seen === null || !this.#pending.isOurs(task)) return null;
    // Of the edit that a parked task was about, nothing tells any more but the event itself.
    return parked ? { ...seen, recall: true } : seen;
  }

  /** Not an attempt: nothing has failed, or nothing of its own. A claim that is no longer ours stays as it is. */
  async #putOff(task: ClaimedTask, dueAt: Instant): Promise<false> {
    const { store, clock } = this.#options.parts;
    await store.postponeTask(task, dueAt, task.attempts, this.#hints.againAt(task.appointmentId, clock.now()));
    return false;
  }

  /** `parked`: it was known to have a dead letter when the work began, so that what was parked is done now. */
  async #complete(task: ClaimedTask, parked: boolean): Promise<boolean> {
    const { store, clock } = this.#options.parts;
    const { appointmentId } = task;
    this.#failed.forget(appointmentId);
    const fingerprint = this.#pending.fingerprintOf(appointmentId);
    const now = clock.now();
    const completed = await store.completeTask(task, now, this.#hints.againAt(appointmentId, now));
    if (completed.ok && completed.val === 'again') {
      this.#pending.goesOn(appointmentId, now);
      return false;
    }
    if (this.#pending.fingerprintOf(appointmentId) === fingerprint) this.#pending.forget(appointmentId);
    if (completed.err) return false;
    if (parked) {
      this.#parked.delete(appointmentId);
      await store.deleteDeadLetter(appointmentId);
    } else if (store.shared || this.#parked.has(appointmentId)) await this.#takeUp(appointmentId);
    return true;
  }

  /** It was parked after all, by another replica or process: what it was parked with has not been looked at. */
  async #takeUp(appointmentId: string): Promise<void> {
    const letter = await this.#options.parts.store.getDeadLetter(appointmentId);
    if (letter.err) return;
    if (letter.val === null) return void this.#parked.delete(appointmentId);
    this.noteParked([letter.val]);
    await this.add([revival(letter.val)]);
  }

  async #fail(task: ClaimedTask, failure: Extract<Outcome, { kind: 'failed' }>): Promise<false> {
    const { appointmentId } = task;
    const letter = await this.#failed.take(task, failure);
    if (letter) {
      this.#pending.forget(appointmentId);
      this.noteParked([letter]);
    }
    return false;
  }

  async #letIn(): Promise<void> {
    if (this.#state !== 'taking') return;
    await this.#failed.letIn();
    this.#wake();
  }
}

function isHint({ trigger }: Work): boolean {
  return trigger === 'hint';
}
