import { type SyncError, bug } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import {
  isStep,
  isWrite,
  outdatedBy,
  supersederAfter,
  warningAfter,
  withEventOutdated,
  withRecord,
  withRefusal,
} from '../../rules/after-action.js';
import { decide } from '../../rules/decide.js';
import type { Decision, Verdict } from '../../rules/decision.js';
import { supersederOf } from '../../rules/first-situation.js';
import { bookingFingerprint } from '../../rules/needs-attention.js';
import type { Observation, Situation } from '../../rules/situation.js';
import { execute as executeAction, type Executed } from '../act/executor.js';
import type { EngineParts } from '../engine-parts.js';
import { observe } from '../observe/observer.js';
import { leaseCheckedParts } from '../queue/leased-task.js';
import { actionEvent } from '../report/action-report.js';
import { observeFirst, stillWaitsUntil } from './first-situation.js';
import type { Attempt, Execute, Outcome } from './outcome.js';

/** Maximum rounds of decide, observe and act for one task: longer than any legal sequence of decisions. */
const MAX_ROUNDS = 16;

/** The result of one round: the outcome of the task, or the next situation, and the refused write that requires it. */
type Step = { readonly outcome: Outcome } | { readonly next: Situation; readonly failure?: SyncError };

/**
 * Synchronizes one appointment: decides about the situation, makes the observations that the decision requires, makes one
 * write, and decides again (docs/architecture.md#observe-decide-act). A trigger contains no command: each task starts from
 * the current state of both sides.
 */
export class Reconciler {
  readonly #parts: EngineParts;
  readonly #execute: Execute;

  /** @param execute replaces the executor if decisions are only listed, as in a plan */
  constructor(parts: EngineParts, execute?: Execute) {
    this.#parts = parts;
    this.#execute =
      execute ??
      (({ action, situation }, task) =>
        executeAction(action, situation, task, leaseCheckedParts(parts, task, situation.map !== null)));
  }

  async work(task: ClaimedTask, observation: Observation | null): Promise<Outcome> {
    try {
      return await this.#work(task, observation);
    } catch (thrown) {
      return failed(bug('reconcile', thrown), null, null);
    }
  }

  async #work(task: ClaimedTask, observation: Observation | null): Promise<Outcome> {
    const waitsUntil = observation === null && task.event ? await stillWaitsUntil(task, this.#parts) : null;
    if (waitsUntil !== null) return { kind: 'wait', dueAt: waitsUntil };
    const map = await this.#parts.store.getMap(task.appointmentId);
    if (map.err) return failed(map.val, null, null);
    const superseder = supersederOf(map.val, observation?.booking ?? null, this.#parts.rules);
    if (superseder) return { kind: 'superseded', by: superseder, events: observation?.events ?? [] };
    const first = await observeFirst(task, map.val, observation, this.#parts);
    if (first.err) return failed(first.val, null, null);
    let situation = first.val;
    let failure: SyncError | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const step = await this.#step({ ...situation, now: this.#parts.clock.now() }, task);
      if ('outcome' in step) return step.outcome;
      situation = step.next;
      failure = step.failure ?? failure;
    }
    return failed(unsettled(task, failure), situation, null);
  }

  async #step(situation: Situation, task: ClaimedTask): Promise<Step> {
    const verdict = decide(situation, this.#parts.rules);
    switch (verdict.kind) {
      case 'wait':
        return { outcome: waitOutcome(verdict) };
      case 'fail':
        return { outcome: failed(verdict.error, situation, null) };
      case 'observe': {
        const observed = await observe(verdict, situation, this.#parts);
        if (observed.ok) return { next: observed.val };
        const isBooking = verdict.target === 'booking' || verdict.target === 'reschedule';
        // A failed second reading is not the error of the task.
        return { outcome: failed(observed.val, isBooking ? { ...situation, booking: undefined } : situation, null) };
      }
      case 'decision':
        return this.#act(verdict, situation, task);
    }
  }

  async #act(decision: Decision, situation: Situation, task: ClaimedTask): Promise<Step> {
    const { clock } = this.#parts;
    const { action, reason, recheckAt } = decision;
    const startedAt = clock.now();
    const done = await this.#execute({ action, reason, situation }, task);
    const attempt: Attempt = {
      action,
      reason,
      situation,
      map: done.ok ? done.val.map : situation.map,
      durationMs: clock.now() - startedAt,
    };
    if (done.err) return this.#afterFailure(done.val, attempt, task);
    if (decision.record) await this.#parts.store.putEventRecords([decision.record]);
    this.#report(decision, done.val, attempt, task);
    const { map, next } = done.val;
    if (next) return { next: withRecord(next, decision) };
    const superseder = supersederAfter(attempt, map);
    if (superseder)
      return { outcome: { kind: 'superseded', by: superseder, events: situation.event ? [situation.event] : [] } };
    if (recheckAt !== undefined) return { outcome: { kind: 'wait', dueAt: recheckAt } };
    return { outcome: { kind: 'done', attempt: isWrite(action) ? attempt : null, refusal: decision.refusal ?? null } };
  }

  #report(decision: Decision, done: Executed, attempt: Attempt, task: ClaimedTask): void {
    const { clock, emit, warnings } = this.#parts;
    const { action, reason, detail, notice } = decision;
    const { next, wrote } = done;
    const { appointmentId } = task;
    const at = clock.now();
    const warning = warningAfter(decision, done, warnings.get(appointmentId));
    if (warning === null) warnings.delete(appointmentId);
    else warnings.set(appointmentId, warning);
    if (!isStep(decision)) emit({ type: 'decision', at, appointmentId, reason, quiet: !isWrite(action), detail });
    if (notice && (wrote || action.do !== 'cancel-booking'))
      emit({ type: 'notice', at, ...notice, appointmentId, calendarId: null });
    // A write to the bookings that is not the last of its task.
    if ((action.do === 'cancel-booking' || action.do === 'reschedule-booking') && wrote && next) {
      const about = action.do === 'cancel-booking' ? action.appointmentId : appointmentId;
      emit(actionEvent(attempt, { ...task, appointmentId: about }, { at, outcome: 'ok', error: null }));
    }
  }

  async #afterFailure(error: SyncError, attempt: Attempt, task: ClaimedTask): Promise<Step> {
    const { situation } = attempt;
    const outdated = outdatedBy(error, situation, this.#parts.rules);
    if (outdated === null) return { outcome: failed(error, situation, attempt) };
    // An intent may have been stored meanwhile.
    const map = await this.#parts.store.getMap(task.appointmentId);
    if (map.err) return { outcome: failed(map.val, situation, attempt) };
    return outdated === 'event'
      ? { next: withEventOutdated(attempt, map.val), failure: error }
      : { next: withRefusal(attempt, map.val, error) };
  }
}

const DONE: Outcome = { kind: 'done', attempt: null, refusal: null };

function waitOutcome({ until, keeps }: Extract<Verdict, { kind: 'wait' }>): Outcome {
  return until === null ? DONE : { kind: 'wait', dueAt: until, ...(keeps && { keeps }) };
}

function failed(error: SyncError, situation: Situation | null, attempt: Attempt | null): Outcome {
  if (error.system === 'store' && error.kind === 'conflict') return { kind: 'lost' };
  const booking = situation?.booking ?? null;
  const fingerprint = booking && bookingFingerprint(booking.booking, booking.status);
  return { kind: 'failed', error, attempt, map: situation?.map ?? null, fingerprint };
}

/** @param failure the last refused write, after which both sides were observed again */
function unsettled(task: ClaimedTask, failure?: SyncError): SyncError {
  const last = failure ? `; the last answer to ${failure.method} was: ${failure.message}` : '';
  return {
    kind: 'transient',
    system: 'store',
    method: 'reconcile',
    message: `appointment ${task.appointmentId} changed again and again while it was worked on${last}`,
  };
}
