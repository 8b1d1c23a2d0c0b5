import { expect } from 'chai';
import { SECOND, type CalendarEvent } from '@loft/sync-core';
import { HintRests } from '#src/engine/tasks/hint-rests.js';
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

  /** Ten hints every 100 ms for so many seconds. */
  async function storm(seconds: number): Promise<void> {
    for (let nth = 0; nth < seconds * 10; nth++) {
      for (let sender = 0; sender < 10; sender++) (await world.engine.hint(id)).unwrap();
      await world.settle(100);
    }
  }

  it('are followed at once, one by one, when they come one by one', async () => {
    for (const hour of [31, 32, 33]) {
      await world.engine.hint(id);
      await world.settle(1);
      expect(world.on(BAY1)).to.have.length(1);
      await world.settle(20 * SECOND);
      world.bookings.desk.move(id, { start: world.hour(hour) });
      await world.engine.hint(id);
      await world.settle(1);
      expect(event().start).to.equal(world.hour(hour));
      await world.settle(20 * SECOND);
    }
  });

  it('that come in a storm are a few reads and a few writes to the store', async () => {
    await storm(20);
    await world.settle(5 * SECOND);
    const calls = world.events.flatMap((it) => (it.type === 'call' ? [it.method] : []));
    expect(calls.filter((method) => method === 'insertEvent')).to.have.length(1);
    // At 0, and 0.5, 1.5, 3.5 s later, then every three seconds.
    expect(calls.filter((method) => method === 'getBooking')).to.have.length.within(8, 12);
    expect(calls.filter((method) => method === 'addTasks')).to.have.length.below(25);
  });

  it('that come in a storm carry a change over within three seconds', async () => {
    await storm(10);
    world.bookings.desk.move(id, { start: world.hour(40) });
    const expected = world.bookings.desk.booking(id)?.start;
    await storm(3);
    await world.settle(SECOND / 2);
    expect(event().start).to.equal(expected);
  });

  it('carry over what changed after the last one was stored, without another one', async () => {
    await storm(2);
    world.bookings.desk.move(id, { start: world.hour(40) });
    const expected = world.bookings.desk.booking(id)?.start;
    (await world.engine.hint(id)).unwrap();
    await world.settle(3 * SECOND);
    expect(event().start).to.equal(expected);
  });

  it('in a storm do not keep back what a person does in the calendar', async () => {
    await storm(10);
    world.calendars.person.dragEvent(BAY1.calendarId, event().eventId, { start: world.hour(50) });
    const syncing = world.engine.syncNow();
    await world.settle(100);
    await syncing;
    expect(world.bookings.desk.booking(id)?.start).to.equal(world.hour(50));
  });

  it('that were acknowledged in a storm outlive a crash', async () => {
    await storm(2);
    world.bookings.desk.move(id, { start: world.hour(40) });
    const expected = world.bookings.desk.booking(id)?.start;
    (await world.engine.hint(id)).unwrap();
    expect((await world.store.countTasks(world.clock.now())).unwrap()).to.include({ claimed: 0, due: 0, waiting: 1 });
    await world.restart();
    await world.settle(5 * SECOND);
    expect(event().start).to.equal(expected);
  });
});

describe('the rest after a hint', () => {
  it('does not take a hint for stored whose work was begun while it was being stored', () => {
    const rests = new HintRests();
    const isStored = rests.storing('7', 0);
    rests.begins('7', 1);
    isStored();
    expect(rests.isWaiting('7')).to.equal(false);
  });

  it('takes a hint for stored until its work begins', () => {
    const rests = new HintRests();
    rests.storing('7', 0)();
    expect(rests.isWaiting('7')).to.equal(true);
    rests.begins('7', 1);
    expect(rests.isWaiting('7')).to.equal(false);
  });

  it('is half a second after news, and grows to three seconds while there is none', () => {
    const rests = new HintRests();
    rests.storing('7', 0)();
    let now = 0;
    const gaps = [true, false, false, false, false, true].map((news) => {
      rests.begins('7', now);
      rests.ends('7', news, now);
      const dueAt = rests.dueAt('7', now);
      const gap = dueAt - now;
      now = dueAt;
      return gap / SECOND;
    });
    expect(gaps).to.deep.equal([0.5, 1, 2, 3, 3, 0.5]);
  });

  it('starts anew after a quiet time', () => {
    const rests = new HintRests();
    rests.storing('7', 0)();
    for (const at of [0, 500, 1500]) {
      rests.begins('7', at);
      rests.ends('7', false, at);
    }
    rests.begins('7', 60_000);
    rests.ends('7', false, 60_000);
    expect(rests.dueAt('7', 60_000)).to.equal(60_500);
  });

  it('ends at once for what is no hint', () => {
    const rests = new HintRests();
    rests.storing('7', 0)();
    rests.begins('7', 0);
    rests.hurry('7');
    rests.ends('7', true, 10);
    expect(rests.againAt('7', 10)).to.equal(10);
  });

  it('is forgotten when it is long over, and many others have come', () => {
    const rests = new HintRests();
    for (let nth = 0; nth < 3000; nth++) {
      const id = String(nth);
      rests.storing(id, nth * 100)();
      rests.begins(id, nth * 100);
      rests.ends(id, false, nth * 100);
    }
    expect(rests.size).to.be.below(2000);
  });
});
