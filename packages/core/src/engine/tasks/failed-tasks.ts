import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, DeadLetter } from '../../domain/task.js';
import { remedyOf, retryDelayMs, revivalDelayMs } from '../../rules/retry-policy.js';
import type { EngineParts } from '../engine-parts.js';
import { actionEvent, eventOf } from '../reconcile/action-event.js';
import type { Outcome } from '../reconcile/outcome.js';
import type { HintRests } from './hint-rests.js';

type Failure = Extract<Outcome, { kind: 'failed' }>;

/** The longest wait for a calendar or system that refuses us, as a multiple of the longest delay before a retry. */
export const LONGEST_WAIT = 5;

/** What becomes of a task that has failed: it waits, is tried again, or is parked, as `rules/retry-policy.ts` has it. */
export class FailedTasks {
  readonly #parts: EngineParts;
  readonly #hints: Pick<HintRests, 'againAt'>;
  /** By appointment and system: how often the system had worked when the appointment first failed there. */
  readonly #workedBefore = new Map<string, number>();
  /** Put off until a calendar or system lets us in again. */
  readonly #shutOut = new Set<string>();

  constructor(parts: EngineParts, hints: Pick<HintRests, 'againAt'>) {
    this.#parts = parts;
    this.#hints = hints;
  }

  /** Stores what becomes of it. The letter it is parked with; null: it is due again. */
  async take(task: ClaimedTask, failure: Failure): Promise<DeadLetter | null> {
    const { store, clock, settings, random, emit } = this.#parts;
    const { error, attempt } = failure;
    const { appointmentId } = task;
    const now = clock.now();
    const remedy = remedyOf(error);
    if (remedy === 'wait') {
      const { baseMs, maxMs } = settings.retry;
      const patience = { ...settings.retry, maxMs: LONGEST_WAIT * maxMs };
      const delay = Math.max(retryDelayMs(task.claims, error, patience, random), baseMs);
      const dueAt = now + delay + Math.ceil(random() * baseMs);
      this.#shutOut.add(appointmentId);
      emit({ type: 'task', at: now, appointmentId, outcome: 'wait', attempt: task.attempts, dueAt, error });
      return this.#again(task, dueAt, task.attempts);
    }
    const attempts = task.attempts + 1;
    const parked = remedy === 'bury' || (this.#hasWorked(task, error) && attempts >= settings.retry.maxAttempts);
    const outcome = parked ? 'dead-letter' : 'retry';
    const dueAt = parked ? null : now + retryDelayMs(attempts, error, settings.retry, random);
    emit({ type: 'task', at: now, appointmentId, outcome, attempt: attempts, dueAt, error });
    if (attempt) emit(actionEvent(attempt, task, { at: now, outcome, error }));
    if (dueAt !== null) return this.#again(task, dueAt, attempts);
    this.forget(appointmentId);
    const letter = await this.#letter(task, failure, attempts, now);
    await store.buryTask(task, letter);
    return letter;
  }

  /** Its failures are over. */
  forget(appointmentId: string): void {
    this.#shutOut.delete(appointmentId);
    for (const system of Object.values(this.#parts.systems)) this.#workedBefore.delete(`${system} ${appointmentId}`);
  }

  /** Somebody lets us in again: those that were shut out are due now. */
  async letIn(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const tasks = [...this.#shutOut].map((appointmentId) => {
      return { appointmentId, trigger: 'follow-up' as const, event: null, dueAt: now };
    });
    if (tasks.length === 0) return;
    this.#shutOut.clear();
    const hurried = await store.addTasks(tasks, now);
    if (hurried.err) for (const { appointmentId } of tasks) this.#shutOut.add(appointmentId);
  }

  async #again(task: ClaimedTask, dueAt: Instant, attempts: number): Promise<null> {
    const { store, clock } = this.#parts;
    await store.postponeTask(task, dueAt, attempts, this.#hints.againAt(task.appointmentId, clock.now()));
    return null;
  }

  /**
   * Has the system that failed worked for anybody since this appointment first failed there? If not, the fault is not
   * the appointment's own, and it is not given up for that.
   */
  #hasWorked({ appointmentId, attempts }: ClaimedTask, { system }: SyncError): boolean {
    if (system === 'store') return true;
    const key = `${system} ${appointmentId}`;
    const now = this.#parts.circuits.successes(system);
    const before = attempts === 0 ? undefined : this.#workedBefore.get(key);
    if (before === undefined) this.#workedBefore.set(key, now);
    return before !== undefined && now > before;
  }

  async #letter(
    task: ClaimedTask,
    { error, attempt, map, fingerprint }: Failure,
    attempts: number,
    now: Instant,
  ): Promise<DeadLetter> {
    const { appointmentId } = task;
    // Where the event is; of one that could not be made, where it was to be.
    const wanted = attempt && eventOf(attempt, appointmentId);
    return {
      appointmentId,
      calendarId: map?.googleCalendarId ?? task.event?.calendarId ?? wanted?.calendarId ?? null,
      eventId: map?.googleEventId ?? task.event?.eventId ?? wanted?.eventId ?? null,
      reason: attempt?.reason ?? null,
      attempts,
      error,
      at: now,
      fingerprint,
      ...(await this.#revival(task, error, now)),
    };
  }

  /** When a parked passing fault is tried again unasked, counting how often that was done. */
  async #revival(task: ClaimedTask, error: SyncError, now: Instant): Promise<Pick<DeadLetter, 'retryAt' | 'revivals'>> {
    const earlier = await this.#parts.store.getDeadLetter(task.appointmentId);
    const revivals = earlier.ok && earlier.val && task.trigger === 'replay' ? earlier.val.revivals + 1 : 0;
    const delay = revivalDelayMs(error, revivals);
    return { revivals, retryAt: delay === null ? null : now + delay };
  }
}
