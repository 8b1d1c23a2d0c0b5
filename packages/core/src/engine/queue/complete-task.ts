import { isShared } from '../../ports/sync-store.js';
import type { Instant } from '../../domain/instant.js';
import { SECOND } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';
import { undeliveredEdit } from '../../rules/after-action.js';
import { Ok, type Result } from '../../result.js';
import type { SyncError } from '../../domain/sync-error.js';
import { isCandidate } from '../../rules/observed-events.js';
import { retryDelayMs } from '../../rules/retry-policy.js';
import { isActiveEvent } from '../../rules/rules.js';
import type { EventReading } from '../../rules/situation.js';
import { recordCandidates } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import { actionEvent } from '../report/action-report.js';
import type { Outcome } from '../reconcile/outcome.js';
import { type AfterFailure, afterFailure } from './retry-or-dead-letter.js';
import type { TaskQueue } from './task-queue.js';
import { keepsOpenEdit, replayOf } from './dead-letters.js';

/** Wait after a failed operation of the store. */
const STORE_RETRY_MS: number = SECOND;

/** The result of a task whose work has ended. */
type Completion =
  /** The task is complete. */
  | { readonly kind: 'done' }
  /** The task is too early, or another call caused the failure: due again at the given time. No attempt is counted. */
  | { readonly kind: 'wait'; readonly until: Instant; readonly isDeferred?: true }
  | Exclude<AfterFailure, { readonly kind: 'wait' }>
  /** Another replica processes the appointment. */
  | { readonly kind: 'lost' };

/** Stores the result of a task whose work has ended, and updates the appointment's state. */
export class TaskCompletion {
  readonly #parts: EngineParts;
  readonly #queue: TaskQueue;

  constructor(parts: EngineParts, queue: TaskQueue) {
    this.#parts = parts;
    this.#queue = queue;
  }

  /**
   * Stores a result.
   *
   * @param hadDeadLetter the appointment was known to have a dead letter when the work started
   * @returns true if the task is removed; false if it is due again
   */
  async complete(task: ClaimedTask, outcome: Outcome, hadDeadLetter: boolean): Promise<boolean> {
    const { store, clock, settings, random } = this.#parts;
    const { states } = this.#queue;
    const { appointmentId } = task;
    const completion = await this.#completionOf(task, outcome);
    switch (completion.kind) {
      case 'done':
        return this.#remove(task, hadDeadLetter, putsBackUndelivered(outcome));
      case 'wait':
        if (completion.isDeferred) states.defer(appointmentId);
        await this.#postpone(task, completion.until, task.attempts);
        return false;
      case 'retry':
        await this.#postpone(task, completion.dueAt, completion.attempts);
        return false;
      case 'dead-letter':
        states.clearFailures(appointmentId);
        await store.deadLetterTask(task, completion.letter);
        states.dropPending(appointmentId);
        this.#queue.noteDeadLetters([completion.letter]);
        await this.#putBackUndelivered(outcome);
        return false;
      case 'lost':
        states.dropPending(appointmentId);
        await this.#postpone(task, clock.now() + retryDelayMs(1, null, settings.retry, random), task.attempts);
        return false;
    }
  }

  async #completionOf(task: ClaimedTask, outcome: Outcome): Promise<Completion> {
    const { clock, emit } = this.#parts;
    const at = clock.now();
    switch (outcome.kind) {
      case 'done':
        if (outcome.attempt) emit(actionEvent(outcome.attempt, task, { at, outcome: 'ok', error: outcome.refusal }));
        return outcome;
      case 'superseded': {
        const { by: appointmentId, events } = outcome;
        const [seen] = events;
        const event = seen ? { calendarId: seen.event.calendarId, eventId: seen.event.eventId } : task.event;
        const recorded = await recordSeen(appointmentId, events, at, this.#parts.store);
        if (recorded.err) return { kind: 'wait', until: at + STORE_RETRY_MS };
        const added = await this.#queue.add([
          { appointmentId, trigger: 'follow-up', event, observed: { events }, fingerprint: null },
        ]);
        return added.ok ? { kind: 'done' } : { kind: 'wait', until: at + STORE_RETRY_MS };
      }
      case 'wait':
        if (outcome.keeps) this.#queue.states.observe(task.appointmentId, { events: outcome.keeps }, at);
        return { kind: 'wait', until: outcome.dueAt };
      case 'lost':
        return outcome;
      case 'failed': {
        const after = await afterFailure(task, outcome, this.#queue.states, this.#parts);
        return after.kind === 'wait' ? { ...after, isDeferred: true } : after;
      }
    }
  }

  /** docs/decision-table.md#row-21a: the event of a failed edit shows the booking again, and the dead letter keeps the edit. */
  async #putBackUndelivered(outcome: Outcome): Promise<void> {
    const edit = outcome.kind === 'failed' && outcome.attempt ? undeliveredEdit(outcome.attempt) : null;
    if (!edit) return;
    // The event of an edit that was replayed shows the booking already.
    const isReverted = edit.state === 'dead-letter' || edit.state === 'replay';
    const stored = await this.#parts.store.putEventRecords([
      { ...edit, state: isReverted ? 'dead-letter' : 'undelivered' },
    ]);
    if (stored.err || isReverted) return;
    const { appointmentId } = edit;
    await this.#queue.add([
      { appointmentId, trigger: 'follow-up', event: null, observed: { mustReread: true }, fingerprint: null },
    ]);
  }

  /** Releases the task. A lost claim is ignored. */
  async #postpone(task: ClaimedTask, dueAt: Instant, attempts: number): Promise<void> {
    const { store, clock } = this.#parts;
    await store.postponeTask(task, dueAt, attempts, this.#queue.states.againAt(task.appointmentId, clock.now()));
  }

  async #remove(task: ClaimedTask, hadDeadLetter: boolean, keepsDeadLetter: boolean): Promise<boolean> {
    const { store, clock } = this.#parts;
    const { states } = this.#queue;
    const { appointmentId } = task;
    states.clearFailures(appointmentId);
    const before = states.get(appointmentId).pending?.fingerprint;
    const now = clock.now();
    const completed = await store.completeTask(task, now, states.againAt(appointmentId, now));
    if (completed.ok && completed.val === 'again') {
      states.goOn(task, now);
      return false;
    }
    // A change that was stored during the work is still pending.
    if (states.get(appointmentId).pending?.fingerprint === before) states.dropPending(appointmentId);
    if (completed.err) return false;
    if (hadDeadLetter && !keepsDeadLetter) {
      if (await keepsOpenEdit(appointmentId, this.#parts)) return true;
      states.setDeadLetter(appointmentId, null);
      await store.deleteDeadLetter(appointmentId);
    } else if (!keepsDeadLetter && (isShared(store) || states.get(appointmentId).deadLetter))
      await this.#replay(appointmentId);
    return true;
  }

  /** Another replica dead-lettered the appointment meanwhile: it is queued again. */
  async #replay(appointmentId: string): Promise<void> {
    const letter = await this.#parts.store.getDeadLetter(appointmentId);
    if (letter.err) return;
    if (letter.val === null) return this.#queue.states.setDeadLetter(appointmentId, null);
    this.#queue.noteDeadLetters([letter.val]);
    await this.#queue.add([replayOf(letter.val)]);
  }
}

/** The task has reverted an undelivered edit: its dead letter stays. */
function putsBackUndelivered(outcome: Outcome): boolean {
  return outcome.kind === 'done' && outcome.attempt?.reason === 'edit-undelivered';
}

/**
 * An appointment without a map gets the observed events of its former id. If they may become its mirror, they are recorded: a
 * replica that works on it does not see them, and its task may name another event by then.
 */
async function recordSeen(
  appointmentId: string,
  events: readonly EventReading[],
  at: Instant,
  store: EngineParts['store'],
): Promise<Result<void, SyncError>> {
  const candidates = events
    .map(({ event }) => event)
    .filter((event) => isActiveEvent(event) && isCandidate(event, appointmentId));
  if (candidates.length === 0) return Ok.EMPTY;
  const map = await store.getMap(appointmentId);
  if (map.err) return map;
  return map.val ? Ok.EMPTY : recordCandidates(new Map(candidates.map((event) => [event, appointmentId])), at, store);
}
