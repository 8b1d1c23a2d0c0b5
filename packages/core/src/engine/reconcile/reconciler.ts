import type { SyncIntent } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import { decide } from '../../rules/decide.js';
import type { Action, Verdict } from '../../rules/decision.js';
import { bookingFingerprint } from '../../rules/fingerprint.js';
import { pickEvent } from '../../rules/pick-event.js';
import { isMarkedFor } from '../../rules/rules.js';
import type { BookingReading, EventReading, Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { afterRefusal } from './after-refusal.js';
import { beforeAdopt, beforeCreate } from './before-create.js';
import { readBooking } from './booking-reader.js';
import { readEvent } from './event-reader.js';
import type { Judge } from '../judging/judge.js';
import { mirroredAt, type Known } from './known.js';
import type { Observation } from './observations.js';
import type { Attempt, Outcome, Perform } from './outcome.js';
import { leaseCheckedParts } from '../ports/lease-check.js';
import { Performer } from './performer.js';
import { finishRebooking } from './finish-rebooking.js';
import { findSuccessor } from './rescheduler.js';

/** Looks and tries again so often before the task is put off: enough for every chain of rows that follow each other. */
const MAX_ROUNDS = 8;
/**
 * Brings one appointment in step: looks at what is, lets `decide` say what to do, does at most one write, and stores
 * what it did. It carries out no command: whatever the trigger was, it starts from what both sides say now.
 */
export class Reconciler {
  readonly #parts: EngineParts;
  readonly #judge: Judge;
  readonly #perform: Perform;

  /** @param perform for who wants to know what would be done, and not to have it done */
  constructor(parts: EngineParts, judge: Judge, perform?: Perform) {
    this.#parts = parts;
    this.#judge = judge;
    const carryOut: Perform = ({ action, situation }, task) =>
      new Performer(leaseCheckedParts(parts, task), judge).perform(action, situation, task);
    this.#perform = perform ?? carryOut;
  }

  async work(task: ClaimedTask, observation: Observation | null): Promise<Outcome> {
    const known: Known = {
      map: null,
      booking: observation?.booking ?? null,
      event: null,
      refusal: null,
      unlisted: observation?.unlisted ?? false,
    };
    const map = await this.#parts.store.getMap(task.appointmentId);
    if (map.err) return this.#failed(map.val, known, null);
    known.map = map.val;
    const events = observation?.events ?? [];
    if (map.val?.supersededBy) return { kind: 'superseded', by: map.val.supersededBy, events };

    known.event = pickEvent(task.appointmentId, map.val, events, known.booking !== null);
    this.#tellCopies(task.appointmentId, known.event, events);
    // An edit that somebody else saw, or a process that is gone: whatever was seen since does not stand for it.
    const unseen = task.event !== null && !events.some(({ event }) => event.eventId === task.event?.eventId);
    if (observation === null || observation.recall || unseen || task.claims > 1) {
      const recalled = await this.#recall(task, known);
      if (recalled.err) return this.#failed(recalled.val, known, null);
    }
    const finished = await this.#finishIntent(task, known);
    if (finished.err) return this.#failed(finished.val, known, null);
    if (finished.val) return finished.val;
    return this.#settle(task, known);
  }

  /** Events that bear the same id and were seen together with the mirror (row 25): somebody may want to remove them. */
  #tellCopies(appointmentId: string, mirror: EventReading | null, events: readonly EventReading[]): void {
    for (const { event } of events) {
      if (mirror === null || event.eventId === mirror.event.eventId || !isMarkedFor(event, appointmentId)) continue;
      const detail = `event ${event.eventId} of ${event.calendarId} is a copy of ${mirror.event.eventId}`;
      this.#parts.emit({
        type: 'decision',
        at: this.#parts.clock.now(),
        appointmentId,
        reason: 'copy',
        quiet: true,
        detail,
      });
    }
  }

  /**
   * After a crash or a failure nothing seen on the way is left, and nobody knows which side had news: both are read
   * again, the event wherever it was last seen.
   */
  async #recall(task: ClaimedTask, known: Known): Promise<Result<void, SyncError>> {
    const { map } = known;
    const at = map ? { calendarId: map.googleCalendarId, eventId: map.googleEventId } : task.event;
    if (!at) return Ok.EMPTY;
    const reading = await readEvent(at, this.#parts);
    if (reading.err) return reading;
    known.event = reading.val;
    return known.booking ? Ok.EMPTY : this.#look('booking', task, known);
  }

  /**
   * A reschedule that was begun, and whose end was not stored: if it has taken effect, that is stored first, so that
   * what happened since is seen as what it is. The new booking, if there is one, takes over.
   */
  async #finishIntent(task: ClaimedTask, known: Known): Promise<Result<Outcome | null, SyncError>> {
    const { map } = known;
    if (map?.intent?.kind !== 'reschedule' || map.status !== 'ACTIVE') return Ok(null);
    const { intent } = map;
    const reading = await this.#readBooking(task.appointmentId, known);
    if (reading.err) return reading;
    known.booking = reading.val;
    const successor = await findSuccessor(map, reading.val, this.#parts);
    if (successor.err) return successor;
    const arrived = reading.val.life !== 'dead' && this.#isAt(reading.val.booking, intent);
    if (!successor.val && !arrived) {
      // It may have taken effect and not show yet. Once it would show, what is read is what is.
      const showsAt = intent.triedAt + this.#parts.rules.timing.rescheduleShowsMs;
      return this.#parts.clock.now() < showsAt ? Ok({ kind: 'wait', dueAt: showsAt }) : Ok(null);
    }
    let begun = map;
    if (successor.val && reading.val.life !== 'dead' && this.#parts.settings.uschedule.reschedule === 'rebook') {
      const parts = { ...leaseCheckedParts(this.#parts, task), judge: this.#judge };
      const replaced = await finishRebooking(
        { map, intent, successor: successor.val, readAt: reading.val.at },
        parts,
        task,
      );
      if (replaced.err && replaced.val.kind !== 'refused') return replaced;
      if (replaced.err) {
        // It was tried for the last time.
        const now = await this.#parts.store.getMap(task.appointmentId);
        if (now.err) return now;
        known.map = now.val;
        known.refusal = replaced.val;
        return Ok(null);
      }
      if ('dueAt' in replaced.val) return Ok({ kind: 'wait', dueAt: replaced.val.dueAt });
      begun = replaced.val.map;
    }
    const base = { ...map.base, start: intent.start, end: intent.end, bay: intent.bay };
    const performer = new Performer(leaseCheckedParts(this.#parts, task), this.#judge);
    const done = await performer.finishReschedule(begun, successor.val ?? task.appointmentId, base, task);
    if (done.err) return done;
    if (!successor.val) {
      known.map = done.val;
      return Ok(null);
    }
    return Ok({ kind: 'superseded', by: successor.val, events: known.event ? [known.event] : [] });
  }

  #isAt(booking: Booking | null, intent: SyncIntent): boolean {
    if (booking?.start !== intent.start || booking.end !== intent.end) return false;
    return this.#parts.rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay;
  }

  async #settle(task: ClaimedTask, known: Known): Promise<Outcome> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const situation = this.#situation(task, known);
      const verdict = decide(situation, this.#parts.rules);
      if (verdict.kind === 'wait') {
        return verdict.until === null
          ? { kind: 'done', attempt: null, refusal: null }
          : { kind: 'wait', dueAt: verdict.until };
      }
      if (verdict.kind === 'look') {
        const looked = await this.#look(verdict.at, task, known);
        if (looked.err) return this.#failed(looked.val, known, null);
        continue;
      }
      const outcome = await this.#carryOut(verdict, situation, task, known);
      if (outcome) return outcome;
    }
    return this.#failed(unsettled(task), known, null);
  }

  /** null: what was thought to be so is not; decide again. */
  async #carryOut(
    { reason, action, detail }: Extract<Verdict, { kind: 'decision' }>,
    situation: Situation,
    task: ClaimedTask,
    known: Known,
  ): Promise<Outcome | null> {
    const { clock, emit } = this.#parts;
    const notYet = this.#ownEditUntil(action, situation, task);
    if (notYet !== null) return { kind: 'wait', dueAt: notYet };
    if (action.do === 'create-event') {
      const before = await beforeCreate(action.bay.calendarId, action.base, task, known, this.#parts);
      if (before.err) return this.#failed(before.val, known, null);
      if (before.val !== 'create') return before.val;
    }
    if (action.do === 'adopt-event') {
      const before = await beforeAdopt(action.event, task, known, this.#parts);
      if (before.err) return this.#failed(before.val, known, null);
      if (before.val === null) return null;
    }
    const startedAt = clock.now();
    const writes = action.do !== 'nothing' && action.do !== 'store-map';
    const done = await this.#perform({ action, reason, situation }, task);
    const stored = done.ok ? done.val : null;
    const attempt: Attempt = { action, reason, situation, stored, durationMs: clock.now() - startedAt };
    if (done.ok) {
      emit({ type: 'decision', at: clock.now(), appointmentId: task.appointmentId, reason, quiet: !writes, detail });
      // Blind: the proof may come, and nothing else would lead back to this event then.
      if (reason === 'orphan-unproven' && this.#parts.rules.trust === 'blind') {
        return { kind: 'wait', dueAt: clock.now() + this.#parts.rules.timing.unprovenAgainMs };
      }
      return { kind: 'done', attempt: writes ? attempt : null, refusal: known.refusal };
    }
    return this.#afterFailure(done.val, attempt, task, known);
  }

  /**
   * After a crash an edit of the last moments may be our own, and the reading of the booking that speaks against it an
   * old answer: until that can no longer be, nothing is done to the booking. null: it cannot be.
   */
  #ownEditUntil(action: Action, { event, booking, now }: Situation, task: ClaimedTask): Instant | null {
    if (action.do !== 'reschedule-booking' || task.claims === 1 || !event?.event.updatedAt || !booking) return null;
    const until = event.event.updatedAt + this.#parts.rules.echoWindowMs;
    return booking.at < until && now < until ? until : null;
  }

  /** Some failures only say that the picture was old: it is looked at again. */
  async #afterFailure(error: SyncError, attempt: Attempt, task: ClaimedTask, known: Known): Promise<Outcome | null> {
    const { kind, system } = error;
    const { bookings, calendars } = this.#parts.systems;
    if (system === 'store' && kind === 'conflict') return { kind: 'lost' };
    const eventIsOther = system === calendars && (kind === 'conflict' || kind === 'not-found' || kind === 'gone');
    const bookingIsOther = system === bookings && (kind === 'refused' || kind === 'not-found');
    if (!eventIsOther && (!bookingIsOther || known.refusal !== null)) return this.#failed(error, known, attempt);
    // An intent may have been stored on the way.
    const map = await this.#parts.store.getMap(task.appointmentId);
    if (map.err) return this.#failed(map.val, known, attempt);
    known.map = map.val;
    if (kind === 'refused') known.refusal = error;
    const looked = await this.#look(eventIsOther ? 'event' : 'booking', task, known);
    if (looked.err) return this.#failed(looked.val, known, attempt);
    if (bookingIsOther) {
      const refused = attempt.action.do === 'cancel-booking' ? 'cancellation' : 'reschedule';
      const showsAt = await afterRefusal(refused, task, known, { ...this.#parts, judge: this.#judge });
      if (showsAt.err) return this.#failed(showsAt.val, known, attempt);
      if (showsAt.val !== null) return { kind: 'wait', dueAt: showsAt.val };
    }
    // It is there to be read, and yet not to be changed: asking again would be answered alike.
    const stands = known.booking?.booking && known.booking.life !== 'dead';
    if (bookingIsOther && stands) known.refusal = error;
    return null;
  }

  #situation(task: ClaimedTask, known: Known): Situation {
    const { clock, windowAt } = this.#parts;
    const now = clock.now();
    const { map, booking, event, refusal } = known;
    return { appointmentId: task.appointmentId, now, historyBefore: windowAt(now).from, map, booking, event, refusal };
  }

  async #look(at: 'booking' | 'event', task: ClaimedTask, known: Known): Promise<Result<void, SyncError>> {
    if (at === 'booking') {
      const reading = await this.#readBooking(task.appointmentId, known);
      if (reading.err) return reading;
      known.booking = reading.val;
      return Ok.EMPTY;
    }
    const ref = known.map
      ? { calendarId: known.map.googleCalendarId, eventId: known.map.googleEventId }
      : known.event?.event;
    if (!ref) return Ok.EMPTY;
    const reading = await readEvent(ref, this.#parts);
    if (reading.err) return reading;
    known.event = reading.val;
    return Ok.EMPTY;
  }

  async #readBooking(appointmentId: string, known: Known): Promise<Result<BookingReading, SyncError>> {
    const reading = await readBooking(appointmentId, mirroredAt(known), { ...this.#parts, judge: this.#judge });
    // What is read again is not believed any more: if that fails, it is not what the task failed with.
    if (reading.err) known.booking = null;
    return reading;
  }

  #failed(error: SyncError, { map, booking }: Known, attempt: Attempt | null): Outcome {
    if (error.system === 'store' && error.kind === 'conflict') return { kind: 'lost' };
    const fingerprint = booking && bookingFingerprint(booking.booking, booking.life);
    return { kind: 'failed', error, attempt, map, fingerprint };
  }
}

function unsettled(task: ClaimedTask): SyncError {
  return {
    kind: 'transient',
    system: 'store',
    method: 'reconcile',
    message: `appointment ${task.appointmentId} changed again and again while it was worked on`,
  };
}
