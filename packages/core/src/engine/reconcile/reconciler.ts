import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { type SyncError, bug } from '../../domain/sync-error.js';
import type { ClaimedTask, EventRef } from '../../domain/task.js';
import { decide } from '../../rules/decide.js';
import { CHANGES, type Decision, type Reason, type Verdict } from '../../rules/decision.js';
import { derivedEventId } from '../../rules/event-marks.js';
import { bookingFingerprint } from '../../rules/needs-attention.js';
import type { RefusedChange, Situation } from '../../rules/situation.js';
import { execute as executeAction, type Executed } from '../act/executor.js';
import type { EngineParts } from '../engine-parts.js';
import { observe } from '../observe/observer.js';
import { leaseCheckedParts } from '../queue/leased-task.js';
import type { Observation } from '../queue/appointment-state.js';
import { actionEvent } from '../report/action-report.js';
import { firstSituation, stillWaitsUntil } from './first-situation.js';
import type { Attempt, Execute, Outcome } from './outcome.js';

/** Maximum rounds of decide, observe and act for one task: longer than any legal sequence of decisions. */
const MAX_ROUNDS = 16;

/** The result of one round: the task's outcome, or the next situation. */
type Step = { readonly outcome: Outcome } | { readonly next: Situation };

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
    const seen = observation?.events ?? [];
    const isRevived = this.#parts.rules.trust === 'trusted' && observation?.booking?.status === 'live';
    if (map.val?.supersededBy && !isRevived) return { kind: 'superseded', by: map.val.supersededBy, events: seen };
    const first = await firstSituation(task, map.val, observation, this.#parts);
    if (first.err) return failed(first.val, null, null);
    let situation = first.val;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const step = await this.#step({ ...situation, now: this.#parts.clock.now() }, task);
      if ('outcome' in step) return step.outcome;
      situation = step.next;
    }
    return failed(unsettled(task), situation, null);
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
    if (next) return { next };
    const isOfThisRound = action.do === 'finish-reschedule' && situation.rebooking?.phase === 'first';
    if ((action.do === 'finish-reschedule' || action.do === 'store-map') && !isOfThisRound && map?.supersededBy) {
      const events = situation.event ? [situation.event] : [];
      return { outcome: { kind: 'superseded', by: map.supersededBy, events } };
    }
    if (recheckAt !== undefined) return { outcome: { kind: 'wait', dueAt: recheckAt } };
    return {
      outcome: { kind: 'done', attempt: isWrite(action.do) ? attempt : null, refusal: decision.refusal ?? null },
    };
  }

  #report(
    { action, reason, detail, notice }: Decision,
    { map, next, wrote }: Executed,
    attempt: Attempt,
    task: ClaimedTask,
  ): void {
    const { clock, emit } = this.#parts;
    const { appointmentId } = task;
    const at = clock.now();
    this.#noteWarning(appointmentId, reason, detail, { wrote, map });
    if (!isStep(action.do, reason))
      emit({ type: 'decision', at, appointmentId, reason, quiet: !isWrite(action.do), detail });
    if (notice && (wrote || action.do !== 'cancel-booking'))
      emit({ type: 'notice', at, ...notice, appointmentId, calendarId: null });
    // A write to the bookings that is not the last of its task.
    if ((action.do === 'cancel-booking' || action.do === 'reschedule-booking') && wrote && next) {
      const about = action.do === 'cancel-booking' ? action.appointmentId : appointmentId;
      emit(actionEvent(attempt, { ...task, appointmentId: about }, { at, outcome: 'ok', error: null }));
    }
  }

  /** Updates the warnings of `/ready` about the appointment. */
  #noteWarning(
    appointmentId: string,
    reason: Reason,
    detail: string | null,
    { wrote, map }: Pick<Executed, 'wrote' | 'map'>,
  ): void {
    const { warnings } = this.#parts;
    const isUnmarked = map?.status === 'ACTIVE' && map.flags?.unmarked === true;
    if (WARNED.has(reason) && detail !== null) warnings.set(appointmentId, `${reason}: ${detail}`);
    else if (isUnmarked && wrote) warnings.set(appointmentId, NOT_KEPT);
    else if (!isUnmarked || warnings.get(appointmentId) !== NOT_KEPT) warnings.delete(appointmentId);
  }

  /** Some failures only show that the observations are outdated: both sides are observed again. */
  async #afterFailure(error: SyncError, attempt: Attempt, task: ClaimedTask): Promise<Step> {
    const { situation, action } = attempt;
    const { kind, system } = error;
    const { bookings, calendars } = this.#parts.systems;
    const eventIsOther = system === calendars && (kind === 'conflict' || kind === 'not-found' || kind === 'gone');
    const isRefused = system === bookings && (kind === 'refused' || kind === 'not-found');
    const wasRefused = situation.refusal !== null || situation.refused !== undefined;
    if (!eventIsOther && (!isRefused || wasRefused)) return { outcome: failed(error, situation, attempt) };
    // An intent may have been stored meanwhile.
    const map = await this.#parts.store.getMap(task.appointmentId);
    if (map.err) return { outcome: failed(map.val, situation, attempt) };
    if (eventIsOther)
      return {
        next: { ...situation, map: map.val, reread: { event: eventToReread(map.val, attempt, task), booking: false } },
      };
    const change: RefusedChange['change'] = action.do === 'cancel-booking' ? 'cancellation' : 'reschedule';
    // Other edits may have been applied meanwhile, and have freed the slot.
    const { edits: _earlier, ...rest } = situation;
    return { next: { ...rest, map: map.val, booking: undefined, refused: { change, error } } };
  }
}

const DONE: Outcome = { kind: 'done', attempt: null, refusal: null };

function waitOutcome({ until, keeps }: Extract<Verdict, { kind: 'wait' }>): Outcome {
  return until === null ? DONE : { kind: 'wait', dueAt: until, ...(keeps && { keeps }) };
}

/** The warning about a write after which the event has no marks of ours. */
const NOT_KEPT =
  'metadata-removed: the calendar has not kept the marks of our write: no edit of this event changes its booking';

/** Reasons with a warning of `/ready`. Edit wars are reported from their records (`readiness.ts`). */
const WARNED: ReadonlySet<Reason> = new Set([
  'orphan-foreign',
  'orphan-unproven',
  'metadata-removed',
  'dead-stays-dead',
]);

/** Reasons that are reported although the round continues. */
const REPORTED_STEPS: ReadonlySet<Reason> = new Set(['event-replaced', 'edit-held', 'change-undone']);

/** An intermediate step, which is reported with its final decision. */
function isStep(action: Attempt['action']['do'], reason: Reason): boolean {
  return (action === 'note' || action === 'record-edits') && !REPORTED_STEPS.has(reason);
}

function isWrite(action: Attempt['action']['do']): boolean {
  return CHANGES[action] === 'event' || CHANGES[action] === 'booking';
}

/** Returns the event to read again: the map's, else the observed one, else the one to be created. */
function eventToReread(
  map: BookingEventMap | null,
  { action, situation }: Attempt,
  { appointmentId }: ClaimedTask,
): EventRef | null {
  if (map) return refOf(map);
  if (situation.event) return situation.event.event;
  return action.do === 'create-event'
    ? { calendarId: action.bay.calendarId, eventId: derivedEventId(appointmentId) }
    : null;
}

function failed(error: SyncError, situation: Situation | null, attempt: Attempt | null): Outcome {
  if (error.system === 'store' && error.kind === 'conflict') return { kind: 'lost' };
  const booking = situation?.booking ?? null;
  const fingerprint = booking && bookingFingerprint(booking.booking, booking.status);
  return { kind: 'failed', error, attempt, map: situation?.map ?? null, fingerprint };
}

function unsettled(task: ClaimedTask): SyncError {
  return {
    kind: 'transient',
    system: 'store',
    method: 'reconcile',
    message: `appointment ${task.appointmentId} changed again and again while it was worked on`,
  };
}
