import { expect } from 'chai';
import { SECOND, type CalendarEvent } from '@loft/sync-core';
import { AppointmentStates } from '#src/engine/queue/appointment-states.js';
import { BAY1, only, World } from './world.js';

const HINTS_ALONE = { settings: { uschedule: { pollSeconds: 1e6 }, google: { sweepSeconds: 1e6 } } };

describe('hints', () => {
  let world: World;
  let id: string;

  beforeEach(async () => {
    world = await new World(HINTS_ALONE).start();
    id = world.book(BAY1.resourceUnitId, 30);
  });

  afterEach(() => world.engine.stop());

  const event = (): CalendarEvent => only(world.on(BAY1));

  /** Ten hints every 100 ms for this number of seconds. */
  async function storm(seconds: number): Promise<void> {
    for (let nth = 0; nth < seconds * 10; nth++) {
      for (let sender = 0; sender < 10; sender++) (await world.engine.hint(id)).unwrap();
      await world.settle(100);
    }
  }

  it('are followed at once, one by one, if they arrive with pauses', async () => {
    for (const hour of [31, 32, 33]) {
      await world.engine.hint(id);
      await world.settle(1);
      expect(world.on(BAY1)).to.have.length(1);
      await world.settle(20 * SECOND);
      world.bookings.user.move(id, { start: world.hour(hour) });
      await world.engine.hint(id);
      await world.settle(1);
      expect(event().start).to.equal(world.hour(hour));
      await world.settle(20 * SECOND);
    }
  });

  it('in a storm cause a few reads and a few writes to the store', async () => {
    await storm(20);
    await world.settle(5 * SECOND);
    const calls = world.events.flatMap((it) => (it.type === 'call' ? [it.method] : []));
    expect(calls.filter((method) => method === 'insertEvent')).to.have.length(1);
    // At 0, and 0.5, 1.5, 3.5 s later, then every three seconds.
    expect(calls.filter((method) => method === 'getBooking')).to.have.length.within(8, 12);
    expect(calls.filter((method) => method === 'addTasks')).to.have.length.below(25);
  });

  it('in a storm carry a change within three seconds', async () => {
    await storm(10);
    world.bookings.user.move(id, { start: world.hour(40) });
    const expected = world.bookings.user.booking(id)?.start;
    await storm(3);
    await world.settle(SECOND / 2);
    expect(event().start).to.equal(expected);
  });

  it('carry a change that was made after the last hint was stored, without another hint', async () => {
    await storm(2);
    world.bookings.user.move(id, { start: world.hour(40) });
    const expected = world.bookings.user.booking(id)?.start;
    (await world.engine.hint(id)).unwrap();
    await world.settle(3 * SECOND);
    expect(event().start).to.equal(expected);
  });

  it('in a storm do not delay a user’s edits in the calendar', async () => {
    await storm(10);
    world.calendars.person.dragEvent(BAY1.calendarId, event().eventId, { start: world.hour(50) });
    const syncing = world.engine.syncNow();
    await world.settle(100);
    await syncing;
    expect(world.bookings.user.booking(id)?.start).to.equal(world.hour(50));
  });

  it('that were acknowledged in a storm survive a crash', async () => {
    await storm(2);
    world.bookings.user.move(id, { start: world.hour(40) });
    const expected = world.bookings.user.booking(id)?.start;
    (await world.engine.hint(id)).unwrap();
    expect((await world.store.countTasks(world.clock.now())).unwrap()).to.include({ claimed: 0, due: 0, waiting: 1 });
    await world.restart();
    await world.settle(5 * SECOND);
    expect(event().start).to.equal(expected);
  });
});

describe('the debounce of hints', () => {
  const made = (): AppointmentStates => new AppointmentStates({ isShared: false, pendingExpiresMs: 1 });

  it('stores a hint whose task started while it was being stored', () => {
    const states = made();
    const isStored = states.storeHint('7', 0);
    states.workStarted('7', 1);
    isStored();
    expect(states.get('7').hint?.isStored).to.equal(false);
  });

  it('treats a hint as stored until its task starts', () => {
    const states = made();
    states.storeHint('7', 0)();
    expect(states.get('7').hint?.isStored).to.equal(true);
    states.workStarted('7', 1);
    expect(states.get('7').hint?.isStored).to.equal(false);
  });

  it('is half a second after a change, and grows to three seconds without changes', () => {
    const states = made();
    states.storeHint('7', 0)();
    let now = 0;
    const intervals = [true, false, false, false, false, true].map((foundChange) => {
      states.workStarted('7', now);
      states.workFinished('7', foundChange, now);
      const dueAt = states.againAt('7', now);
      const interval = dueAt - now;
      now = dueAt;
      return interval / SECOND;
    });
    expect(intervals).to.deep.equal([0.5, 1, 2, 3, 3, 0.5]);
  });

  it('restarts after a time without hints', () => {
    const states = made();
    states.storeHint('7', 0)();
    for (const at of [0, 500, 1500]) {
      states.workStarted('7', at);
      states.workFinished('7', false, at);
    }
    states.workStarted('7', 60_000);
    states.workFinished('7', false, 60_000);
    expect(states.againAt('7', 60_000)).to.equal(60_500);
  });

  it('does not delay other triggers', () => {
    const states = made();
    states.storeHint('7', 0)();
    states.workStarted('7', 0);
    states.changeStored('7', null, false, 5);
    states.workFinished('7', true, 10);
    expect(states.againAt('7', 10)).to.equal(10);
  });
});

describe('the states of appointments', () => {
  it('evict a debounce that ended long ago when many new ones are added', () => {
    const states = new AppointmentStates({ isShared: false, pendingExpiresMs: 1 });
    for (let nth = 0; nth < 3000; nth++) {
      const id = String(nth);
      states.storeHint(id, nth * 100)();
      states.workStarted(id, nth * 100);
      states.workFinished(id, false, nth * 100);
    }
    expect(states.size).to.be.below(2000);
  });

  it('evict the pending changes of a shared store that other replicas have finished long ago', () => {
    const states = new AppointmentStates({ isShared: true, pendingExpiresMs: SECOND });
    for (let nth = 0; nth < 3000; nth++) states.changeStored(String(nth), 'same', false, nth * 100);
    expect(states.size).to.be.below(2000);
    expect(states.isPending('0', 300_000)).to.equal(false);
  });

  it('keep nothing of an appointment whose task is finished', () => {
    const states = new AppointmentStates({ isShared: false, pendingExpiresMs: SECOND });
    states.observe('7', { mustReread: true }, 0);
    states.changeStored('7', 'change', false, 0);
    states.setDeadLetter('7', { event: null });
    states.noteSuccesses('7', 'google', 3);
    expect(states.size).to.equal(1);
    states.clearFailures('7');
    states.setDeadLetter('7', null);
    states.dropPending('7');
    expect(states.size).to.equal(0);
  });

  it('keep at most 21,000 observations: the oldest are dropped, and their tasks read again', () => {
    const states = new AppointmentStates({ isShared: false, pendingExpiresMs: SECOND });
    for (let nth = 0; nth < 23_000; nth++) {
      states.observe(String(nth), { missingFromList: true }, 0);
      states.changeStored(String(nth), 'missing', false, 0);
    }
    expect(states.get('0')).to.deep.include({ observation: null });
    expect(states.get('22999').observation).to.include({ missingFromList: true });
    expect(states.isPending('0', 0)).to.equal(true);
  });
});
