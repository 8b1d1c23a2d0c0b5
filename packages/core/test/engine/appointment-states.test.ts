import { expect } from 'chai';
import { HOUR, MINUTE, SECOND } from '@loft/sync-core';
import type { ClaimedTask } from '@loft/sync-core/store';
import { mergeObservation, type WorkItem } from '#src/engine/queue/appointment-state.js';
import type { Observation } from '#src/rules/situation.js';
import { AppointmentStates } from '#src/engine/queue/appointment-states.js';
import { dueAt, finished, newDebounce, started } from '#src/engine/queue/debounce.js';
import { LateTasks } from '#src/engine/queue/task-queue.js';
import { eventOfDeadLetter, replayOf } from '#src/engine/queue/dead-letters.js';
import type { BookingReading, EventReading } from '#src/rules/situation.js';
import { BAY1, BAY2 } from './world.js';
import { anEvent, bookingSeen, eventSeen, EVENT_ID, ID, NOW } from '../rules/situations.js';

const EXPIRES_MS = 5 * MINUTE;
const EVENT = { calendarId: BAY1.calendarId, eventId: EVENT_ID };

function states(isShared = false): AppointmentStates {
  return new AppointmentStates({ isShared, pendingExpiresMs: EXPIRES_MS });
}

function anItem(change: Partial<WorkItem> = {}): WorkItem {
  return { appointmentId: ID, trigger: 'poll', event: null, observed: {}, fingerprint: 'one', ...change };
}

const A_HINT = anItem({ trigger: 'hint', fingerprint: null });

function aTask(change: Partial<ClaimedTask> = {}): ClaimedTask {
  return {
    appointmentId: ID,
    trigger: 'hint',
    event: null,
    createdAt: NOW,
    attempts: 0,
    claims: 1,
    mark: 1,
    fence: 1,
    owner: 'me',
    leaseUntil: NOW + HOUR,
    ...change,
  };
}

describe('the observations of an appointment', () => {
  const at = (instant: number): BookingReading => bookingSeen({}, { at: instant });
  const merged = (...parts: readonly Partial<Observation>[]): Observation =>
    parts.reduce<Observation | null>(mergeObservation, null) ?? mergeObservation(null, {});

  it('are empty without a reading', () => {
    expect(merged()).to.deep.equal({
      booking: null,
      changedAt: -Infinity,
      events: [],
      mustReread: false,
      missingFromList: false,
    });
  });

  it('contain the later of two readings of the booking, of two at the same time the second', () => {
    const [first, second] = [at(5), at(6)];
    const same = bookingSeen({ notes: 'Four players' }, { at: 6 });
    expect(merged({ booking: first }, { booking: second }).booking).to.equal(second);
    expect(merged({ booking: second }, { booking: first }).booking).to.equal(second);
    expect(merged({ booking: second }, { booking: same }).booking).to.equal(same);
    expect(merged({ booking: second }, {}).booking).to.equal(second);
  });

  it('contain no reading of the booking that is older than its last change', () => {
    expect(merged({ booking: at(5) }, { changedAt: 6 }).booking).to.equal(null);
    expect(merged({ booking: at(6) }, { changedAt: 6 }).booking).to.deep.equal(at(6));
    expect(merged({ changedAt: 6 }, { booking: at(5) }).booking).to.equal(null);
    expect(merged({ changedAt: 6 }, { changedAt: 5 }).changedAt).to.equal(6);
  });

  it('contain the latest reading of each event, at each place', () => {
    const reading = (instant: number, change = {}): EventReading => eventSeen(anEvent(change), { at: instant });
    const copy = reading(1, { eventId: 'copy1' });
    const elsewhere = reading(1, { calendarId: BAY2.calendarId });
    const events = (...readings: readonly EventReading[]): readonly EventReading[] =>
      merged(...readings.map((it) => ({ events: [it] }))).events;
    expect(events(reading(5), copy, elsewhere, reading(6))).to.deep.equal([copy, elsewhere, reading(6)]);
    expect(events(reading(6), copy, reading(5))).to.deep.equal([reading(6), copy]);
    expect(events(reading(6), reading(6, { title: 'x' }))).to.deep.equal([reading(6, { title: 'x' })]);
  });

  it('keep that something was lost, or is missing from a list', () => {
    expect(merged({ mustReread: true }, {})).to.include({ mustReread: true, missingFromList: false });
    expect(merged({ missingFromList: true }, {})).to.include({ mustReread: false, missingFromList: true });
    expect(merged({}, { mustReread: true, missingFromList: true })).to.include({
      mustReread: true,
      missingFromList: true,
    });
  });
});

describe('the changes of an appointment that are stored as a task', () => {
  const stored = (target: AppointmentStates, items: readonly WorkItem[], now = NOW): readonly WorkItem[] => {
    const changes = target.accept(items, now);
    for (const change of changes) change.stored();
    return changes.map(({ item }) => item);
  };

  it('are stored once for the same fingerprint', () => {
    const target = states();
    expect(stored(target, [anItem()])).to.have.length(1);
    expect(stored(target, [anItem()])).to.deep.equal([]);
    expect(stored(target, [anItem({ fingerprint: 'two' })])).to.have.length(1);
    expect(stored(target, [anItem()])).to.have.length(1);
  });

  it('are stored again if they were not confirmed', () => {
    const target = states();
    expect(target.accept([anItem()], NOW)).to.have.length(1);
    expect(target.accept([anItem()], NOW)).to.have.length(1);
  });

  it('are stored again in a shared store after their time: another replica may have completed them', () => {
    const shared = states(true);
    stored(shared, [anItem()]);
    expect(shared.isPending(ID, NOW + EXPIRES_MS - 1)).to.equal(true);
    expect(stored(shared, [anItem()], NOW + EXPIRES_MS - 1)).to.deep.equal([]);
    expect(shared.isPending(ID, NOW + EXPIRES_MS)).to.equal(false);
    expect(stored(shared, [anItem()], NOW + EXPIRES_MS)).to.have.length(1);
    const own = states();
    stored(own, [anItem()]);
    expect(stored(own, [anItem()], NOW + EXPIRES_MS)).to.deep.equal([]);
    expect([own.isPending(ID, NOW + HOUR), own.isPending('9', NOW)]).to.deep.equal([true, false]);
  });

  it('are always stored without a fingerprint, except a hint whose work has not started', () => {
    const target = states();
    expect(stored(target, [A_HINT])).to.have.length(1);
    expect(stored(target, [A_HINT])).to.deep.equal([]);
    target.workStarted(ID, NOW);
    expect(stored(target, [A_HINT])).to.have.length(1);
    const sweep = anItem({ trigger: 'sweep', fingerprint: null });
    expect(stored(target, [sweep])).to.have.length(1);
    expect(stored(target, [sweep])).to.have.length(1);
    const shared = states(true);
    expect(stored(shared, [A_HINT])).to.have.length(1);
    expect(stored(shared, [A_HINT])).to.have.length(1);
  });

  it('name their event, or that of the dead letter', () => {
    const target = states();
    target.setDeadLetter(ID, { event: EVENT });
    expect(target.accept([anItem()], NOW)[0]).to.have.deep.property('event', EVENT);
    const event = { ...EVENT, eventId: 'copy1' };
    expect(target.accept([anItem({ event })], NOW)[0]).to.have.deep.property('event', event);
    target.setDeadLetter(ID, { event: null });
    expect(target.accept([anItem()], NOW)[0]).to.have.property('event', null);
    expect(states().accept([anItem()], NOW)[0]).to.have.property('event', null);
  });

  it('are due at once, and a hint after a work at the end of its interval', () => {
    const target = states();
    stored(target, [A_HINT]);
    target.workStarted(ID, NOW);
    target.workFinished(ID, true, NOW);
    expect(target.accept([A_HINT], NOW)[0]?.dueAt).to.equal(NOW + SECOND / 2);
    expect(target.accept([anItem()], NOW)[0]?.dueAt).to.equal(NOW);
  });

  it('that the latest poll does not report any more are completed', () => {
    const target = states();
    const booking = bookingSeen();
    stored(target, [anItem({ observed: { booking } }), anItem({ appointmentId: '9' })]);
    stored(target, [anItem({ ...A_HINT, appointmentId: '8' })]);
    target.retainReported(new Set(['9']));
    expect([ID, '9', '8'].map((id) => target.isPending(id, NOW))).to.deep.equal([false, true, true]);
    expect(target.get(ID).observation).to.equal(null);
  });

  it('count from the first of them, or from the last continuation of the task', () => {
    const target = states();
    stored(target, [anItem()], NOW);
    stored(target, [anItem({ fingerprint: 'two' })], NOW + 5);
    expect(target.get(ID).pending).to.deep.equal({ fingerprint: 'two', storedAt: NOW + 5, since: NOW, marks: 2 });
    target.goOn({ appointmentId: ID, createdAt: NOW }, NOW + 9);
    expect(target.get(ID).pending).to.deep.equal({ fingerprint: 'two', storedAt: NOW + 5, since: NOW + 9, marks: 2 });
    target.dropPending(ID);
    target.goOn({ appointmentId: ID, createdAt: NOW + 9 }, NOW + 10);
    expect(target.get(ID).pending).to.equal(null);
  });

  it('of an earlier task that another replica completed are no marks of the present one, also after its continuation', () => {
    const target = states(true);
    stored(target, [anItem()], NOW);
    // Another replica completes that task. This one marks the next task once, and the other one marks it, too.
    stored(
      target,
      [anItem({ trigger: 'sweep', fingerprint: null, observed: { events: [eventSeen(anEvent())] } })],
      NOW + 5,
    );
    const claimed = { appointmentId: ID, createdAt: NOW + 5 };
    target.goOn(claimed, NOW + 9);
    expect(target.get(ID).pending).to.include({ since: NOW, marks: 2 });
    expect(target.takeObservation(aTask({ mark: 2, createdAt: NOW + 9 }))).to.equal(null);
    const alone = states(false);
    stored(alone, [anItem()], NOW);
    alone.goOn(claimed, NOW + 9);
    expect(alone.get(ID).pending).to.include({ since: NOW + 9 });
  });
});

describe('the observation of a task', () => {
  const booking = bookingSeen();

  it('is passed once, at the start of the work', () => {
    const target = states();
    target.observe(ID, { booking }, NOW);
    expect(target.begin(aTask(), NOW)).to.have.nested.property('observation.booking', booking);
    expect(target.begin(aTask(), NOW)).to.deep.equal({ observation: null, hadDeadLetter: false });
  });

  it('requires another reading of the event if the appointment has a dead letter', () => {
    const target = states();
    target.observe(ID, { booking }, NOW);
    target.setDeadLetter(ID, { event: null });
    const begun = target.begin(aTask(), NOW);
    expect(begun).to.have.property('hadDeadLetter', true);
    expect(begun.observation).to.include({ mustReread: true, booking });
  });

  it('is not used in a shared store if another replica may have stored a trigger', () => {
    const begun = (task: Partial<ClaimedTask>, isStored = true): Observation | null => {
      const target = states(true);
      const [change] = target.accept([anItem({ observed: { booking } })], NOW);
      if (isStored) change?.stored();
      return target.takeObservation(aTask(task));
    };
    expect(begun({})).to.have.property('booking', booking);
    expect(begun({ mark: 2 })).to.equal(null);
    expect(begun({ createdAt: NOW - 1 })).to.equal(null);
    expect(begun({}, false)).to.equal(null);
  });
});

describe('the hints of an appointment', () => {
  const hint = (target: AppointmentStates, now = NOW): void => target.storeHint(ID, now)();

  it('that were stored during a work are not taken for started', () => {
    const target = states();
    const stored = target.storeHint(ID, NOW);
    target.workStarted(ID, NOW);
    stored();
    expect(target.get(ID).hint).to.include({ starts: 1, isStored: false });
    hint(target);
    expect(target.get(ID).hint).to.include({ starts: 1, isStored: true });
    target.workStarted(ID, NOW);
    expect(target.get(ID).hint).to.include({ starts: 2, isStored: false, bypassDebounce: false });
  });

  it('during a work are due at the end of the interval, and at once with any other trigger', () => {
    const target = states();
    expect(target.againAt(ID, NOW)).to.equal(NOW);
    hint(target);
    target.workStarted(ID, NOW);
    target.workFinished(ID, true, NOW);
    expect(target.againAt(ID, NOW)).to.equal(NOW + SECOND / 2);
    target.changeStored(ID, null, true, NOW);
    expect(target.againAt(ID, NOW)).to.equal(NOW + SECOND / 2);
    target.changeStored(ID, null, false, NOW);
    expect(target.againAt(ID, NOW)).to.equal(NOW);
    target.workStarted(ID, NOW);
    expect(target.againAt(ID, NOW)).to.equal(NOW + SECOND / 2);
  });

  it('leave no state without a hint', () => {
    const target = states();
    target.workStarted(ID, NOW);
    target.workFinished(ID, false, NOW);
    expect(target.size).to.equal(0);
  });
});

describe('the states of appointments in memory', () => {
  it('are removed when they are empty', () => {
    const target = states();
    target.observe(ID, {}, NOW);
    target.defer(ID);
    target.setDeadLetter(ID, { event: null });
    target.noteSuccesses(ID, 'google', 3);
    target.changeStored(ID, 'one', false, NOW);
    expect(target.size).to.equal(1);
    target.dropPending(ID);
    target.setDeadLetter(ID, null);
    expect(target.size).to.equal(1);
    target.clearFailures(ID);
    expect(target.size).to.equal(0);
    for (const keep of [
      (): void => target.defer('1'),
      (): void => target.setDeadLetter('2', { event: null }),
      (): void => target.noteSuccesses('3', 'google', 0),
      (): void => target.changeStored('4', null, true, NOW),
      (): void => void target.storeHint('5', NOW),
      (): void => target.observe('6', {}, NOW),
    ]) {
      const before = target.size;
      keep();
      expect(target.size).to.equal(before + 1);
    }
    target.clear();
    expect(target.size).to.equal(0);
  });

  it('name the deferred appointments once', () => {
    const target = states();
    target.defer(ID);
    target.setDeadLetter('9', { event: null });
    expect(target.takeDeferred()).to.deep.equal([ID]);
    expect(target.takeDeferred()).to.deep.equal([]);
    target.defer(ID);
    target.clearFailures(ID);
    expect(target.takeDeferred()).to.deep.equal([]);
  });

  it('keep the number of successes of each system', () => {
    const target = states();
    target.noteSuccesses(ID, 'google', 3);
    target.noteSuccesses(ID, 'uschedule', 5);
    expect(target.get(ID).successesBefore).to.deep.equal({ google: 3, uschedule: 5 });
  });

  const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `a${index}`);

  it('are evicted in a shared store when their time is over', () => {
    const shared = states(true);
    for (const id of ids(600)) {
      shared.changeStored(id, 'one', false, NOW);
      shared.observe(id, {}, NOW);
    }
    const later = NOW + EXPIRES_MS;
    for (const id of ids(1200).slice(600)) shared.changeStored(id, 'one', false, later);
    expect(shared.get('a0')).to.include({ pending: null, observation: null });
    expect(shared.isPending('a600', later)).to.equal(true);
    expect(shared.size).to.equal(600);
  });

  it('keep their changes in a store that is not shared', () => {
    const own = states();
    for (const id of ids(1200)) own.changeStored(id, 'one', false, NOW);
    for (const id of ids(1200)) own.observe(id, {}, NOW + HOUR);
    expect(own.isPending('a0', NOW + HOUR)).to.equal(true);
    expect(own.get('a0').observation).not.to.equal(null);
    expect(own.size).to.equal(1200);
  });

  it('keep a hint that is stored, and drop one whose interval ended a minute before', () => {
    const own = states();
    own.storeHint('stored', NOW)();
    own.storeHint('old', NOW);
    own.storeHint('young', NOW + 1);
    const later = NOW + 1 + MINUTE;
    for (const id of ids(1000)) own.changeStored(id, 'one', false, later);
    expect(own.get('stored').hint).not.to.equal(null);
    expect(own.get('young').hint).not.to.equal(null);
    expect(own.get('old').hint).to.equal(null);
  });

  it('keep at most twenty thousand observations, the latest', () => {
    const own = states();
    for (const id of ids(21_000)) own.observe(id, {}, NOW);
    expect(own.size).to.equal(20_000);
    expect(own.get('a999').observation).to.equal(null);
    expect(own.get('a1000').observation).not.to.equal(null);
  });
});

describe('a debounce', () => {
  const HALF = SECOND / 2;

  it('lets the first trigger pass at once', () => {
    expect(newDebounce(NOW)).to.deep.equal({ intervalMs: 0, until: NOW, startedAt: NOW });
    expect(dueAt(newDebounce(NOW), NOW)).to.equal(NOW);
    expect(dueAt(newDebounce(NOW), NOW + 5)).to.equal(NOW + 5);
  });

  it('delays triggers until the end of its interval', () => {
    const debounce = finished(started(newDebounce(NOW), NOW), true, NOW);
    expect(debounce).to.deep.equal({ intervalMs: HALF, until: NOW + HALF, startedAt: NOW });
    expect(dueAt(debounce, NOW)).to.equal(NOW + HALF);
    expect(dueAt(debounce, NOW + HALF)).to.equal(NOW + HALF);
  });

  it('doubles its interval after each work without a change, up to three seconds', () => {
    const intervals: number[] = [];
    let debounce = newDebounce(NOW);
    let now = NOW;
    for (let work = 0; work < 5; work++) {
      debounce = finished(started(debounce, now), false, now);
      intervals.push(debounce.intervalMs);
      now = debounce.until;
    }
    expect(intervals).to.deep.equal([HALF, SECOND, 2 * SECOND, 3 * SECOND, 3 * SECOND]);
    expect(finished(started(debounce, now), true, now).intervalMs).to.equal(HALF);
  });

  it('begins again when no trigger has come for as long as its interval', () => {
    const debounce = { intervalMs: 2 * SECOND, until: NOW, startedAt: NOW - SECOND };
    const after = (startedAt: number): number => finished(started(debounce, startedAt), false, startedAt).intervalMs;
    expect(after(NOW + 2 * SECOND - 1)).to.equal(3 * SECOND);
    expect(after(NOW + 2 * SECOND)).to.equal(HALF);
  });

  it('ignores an interval that a clock that was ahead made longer than any possible one', () => {
    const until = (ms: number): number => dueAt({ intervalMs: HALF, until: NOW + ms, startedAt: NOW }, NOW);
    expect(until(3 * SECOND)).to.equal(NOW + 3 * SECOND);
    expect(until(3 * SECOND + 1)).to.equal(NOW);
  });
});

describe('tasks that are due later than any task waits', () => {
  it('are claimed once a minute', () => {
    const late = new LateTasks({ longestWaitMs: HOUR }, MINUTE);
    expect(late.claimAt(NOW)).to.deep.equal({ now: NOW, latestDueAt: NOW + HOUR });
    expect(late.claimAt(NOW + MINUTE - 1)).to.deep.equal({ now: NOW + MINUTE - 1 });
    expect(late.claimAt(NOW + MINUTE)).to.deep.equal({ now: NOW + MINUTE, latestDueAt: NOW + MINUTE + HOUR });
  });

  it('are claimed at once after the clock of the process was ahead and is corrected, if due later than four leases', () => {
    const late = new LateTasks({ longestWaitMs: HOUR }, MINUTE);
    late.claimAt(NOW);
    expect(late.claimAt(NOW - MINUTE)).to.deep.equal({ now: NOW - MINUTE, latestDueAt: NOW + 3 * MINUTE });
    expect(late.claimAt(NOW - 2 * MINUTE + 1)).to.deep.equal({ now: NOW - 2 * MINUTE + 1 });
    const short = new LateTasks({ longestWaitMs: 2 * MINUTE }, MINUTE);
    short.claimAt(NOW);
    expect(short.claimAt(NOW - HOUR)).to.deep.equal({ now: NOW - HOUR, latestDueAt: NOW - HOUR + 2 * MINUTE });
  });
});

describe('the replay of a dead letter', () => {
  const letter = {
    appointmentId: ID,
    ...EVENT,
    reason: 'event-moved',
    attempts: 8,
    error: { kind: 'transient', system: 'google', method: 'events.patch', message: 'it fails' },
    at: NOW,
    fingerprint: 'one',
    retryAt: null,
    revivals: 0,
  } as const;

  it('names its event and reads both sides again', () => {
    expect(replayOf(letter)).to.deep.equal({
      appointmentId: ID,
      trigger: 'replay',
      event: EVENT,
      observed: { mustReread: true },
      fingerprint: 'replay',
    });
  });

  it('names no event if calendar or id is unknown', () => {
    expect(eventOfDeadLetter(letter)).to.deep.equal(EVENT);
    expect(eventOfDeadLetter({ ...letter, calendarId: null })).to.equal(null);
    expect(eventOfDeadLetter({ ...letter, eventId: null })).to.equal(null);
  });
});
