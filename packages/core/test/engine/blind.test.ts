import { expect } from 'chai';
import { DAY, HOUR, MemoryStore, MINUTE, Ok } from '@loft/sync-core';
import { BAY1, BAY2, only, World, type WorldOptions } from './world.js';

const BLIND: WorldOptions = {
  settings: { uschedule: { status: 'blind' }, retry: { baseMs: 100 } },
  studio: { status: 'blind' },
};

/** The hold of a checkout plus one poll. */
const HELD = 12 * MINUTE;

function blindWorld(more: WorldOptions['settings'] = {}): Promise<World> {
  return new World({ ...BLIND, settings: { ...BLIND.settings, ...more } }).start();
}

describe('the engine, with a hidden booking status', () => {
  it('mirrors a booking at the end of its checkout’s hold, independent of the next poll', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', pollSeconds: 7 * 60 } });
    await world.settle(20_000);
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(10 * MINUTE - 100);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(1000);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('reports a held checkout once, with the time at which its hold ends', async () => {
    const world = await blindWorld();
    const id = world.book(BAY1.resourceUnitId, 30);
    const phoenix = new Date(world.clock.now() + 10 * MINUTE - 7 * HOUR).toISOString();
    await world.settle(9 * MINUTE);
    const held = world.events.filter((event) => event.type === 'decision' && event.reason === 'checkout-held');
    expect(held.map((event) => event.type === 'decision' && [event.appointmentId, event.detail])).to.deep.equal([
      [id, `a checkout may be in progress until ${phoenix.slice(0, 10)} ${phoenix.slice(11, 19)}`],
    ]);
  });

  it('mirrors a booking that is about to begin as soon as its record is six minutes old', async () => {
    const world = await blindWorld();
    const start = world.clock.now() + 20 * MINUTE;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ana R.' });
    await world.settle(6 * MINUTE - 100);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(1000);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('mirrors it by a hint alone, and at once if the minimum age is 0', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', pollSeconds: 1e6, urgentMinAgeMinutes: 0 } });
    const start = world.clock.now() + 10 * MINUTE;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ana R.' });
    await world.engine.hint(id);
    await world.settle(1000);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('mirrors a hinted booking that is about to start at its minimum age, without a poll', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', pollSeconds: 1e6 } });
    const start = world.clock.now() + 10 * MINUTE;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ana R.' });
    await world.engine.hint(id);
    await world.settle(6 * MINUTE + 1000);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  it('mirrors no running visit at a start with an empty store, except one that was booked shortly before', async () => {
    const world = new World(BLIND);
    const old = world.bookings.user.book({
      unit: BAY1.resourceUnitId,
      start: world.clock.now() + 60 * MINUTE,
      minutes: 240,
    });
    world.bookings.user.cancel(old);
    await world.settle(50 * MINUTE);
    const young = world.bookings.user.book({
      unit: BAY2.resourceUnitId,
      start: world.clock.now() + 10 * MINUTE,
      minutes: 120,
    });
    await world.settle(20 * MINUTE);
    await world.start();
    await world.settle(30 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(only(world.on(BAY2)).eventId).to.equal(`loft${young}`);
  });

  it('mirrors no visit in progress at an empty start, also after a restart', async () => {
    const world = new World({ ...BLIND, studio: { status: 'blind', slotMinutes: 60 } });
    const start = world.hour(1);
    const old = world.bookings.user.book({ unit: BAY1.resourceUnitId, start });
    world.bookings.user.cancel(old);
    await world.settle(start - world.clock.now() + 10 * MINUTE);
    world.book(BAY2.resourceUnitId, 30);
    await world.start();
    await world.settle(20 * MINUTE);
    expect(world.on(BAY2)).to.have.length(1);
    await world.restart();
    await world.settle(20 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('removes the event of an abandoned checkout during its visit as soon as a remaining slot reads as free', async () => {
    const world = await blindWorld();
    const start = world.clock.now() + 5 * MINUTE;
    const id = world.bookings.user.beginCheckout({ unit: BAY1.resourceUnitId, start, minutes: 240 });
    await world.settle(4 * MINUTE);
    world.bookings.user.finishCheckout(id);
    await world.settle(6 * MINUTE);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    world.bookings.user.cancel(id);
    await world.settle(5 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  describe('with a unit that is read with a service it does not offer', () => {
    async function misconfigured(): Promise<World> {
      const world = await blindWorld();
      world.bookings.unitsWithoutSlots.add(BAY2.resourceUnitId);
      return world;
    }

    it('does not accept an answer without slots as proof: an abandoned checkout is not mirrored', async () => {
      const world = await misconfigured();
      world.bookings.user.beginCheckout({ unit: BAY2.resourceUnitId, start: world.hour(30) });
      await world.settle(HELD + 10 * MINUTE);
      expect(world.calendars.writeCount).to.equal(0);
    });

    it('names the unit in a warning until it shows a slot', async () => {
      const world = await misconfigured();
      const id = world.book(BAY2.resourceUnitId, 30);
      await world.settle(HELD + 3 * MINUTE);
      const { ready, warnings } = await world.engine.readiness();
      expect(ready).to.equal(true);
      expect(warnings.join()).to.match(/bay 2: unit 5524 offers no slot/);
      world.bookings.unitsWithoutSlots.clear();
      await world.settle(3 * MINUTE);
      expect((await world.engine.readiness()).warnings).to.deep.equal([]);
      expect(only(world.on(BAY2)).eventId).to.equal(`loft${id}`);
    });

    it('does not warn of a fully booked unit, and mirrors its bookings', async () => {
      const world = await blindWorld();
      const { user } = world.bookings;
      const midnight = world.hour(0) + DAY - ((world.hour(0) - 7 * HOUR) % DAY);
      const ids = [0, 8, 16].map((hour) =>
        user.book({ unit: BAY2.resourceUnitId, start: midnight + hour * HOUR, minutes: 480 }),
      );
      await world.settle(HELD + 5 * MINUTE);
      expect((await world.engine.readiness()).warnings).to.deep.equal([]);
      expect(world.on(BAY2).map(({ eventId }) => eventId)).to.have.members(ids.map((id) => `loft${id}`));
    });
  });

  it('detects the cancellation of a booking that starts off the grid', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind' } });
    world.bookings.user.rules = { ...world.bookings.user.rules, slotMinutes: 60 };
    const start = world.hour(30) + 15 * MINUTE;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start });
    await world.settle(HELD);
    expect(world.on(BAY1)).to.have.length(1);
    world.bookings.user.cancel(id);
    await world.settle(4 * MINUTE);
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('detects the cancellation of a short booking with a neighbour after it', async () => {
    const world = await blindWorld();
    const { user } = world.bookings;
    const short = user.book({ unit: BAY1.resourceUnitId, start: world.hour(30), minutes: 30 });
    const next = user.book({ unit: BAY1.resourceUnitId, start: world.hour(30) + 30 * MINUTE });
    await world.settle(HELD);
    expect(world.on(BAY1)).to.have.length(2);
    user.cancel(short);
    await world.settle(4 * MINUTE);
    expect(world.on(BAY1).map(({ eventId }) => eventId)).to.deep.equal([`loft${next}`]);
  });

  it('leaves no event of an abandoned checkout', async () => {
    const world = await blindWorld();
    world.bookings.user.beginCheckout({ unit: BAY1.resourceUnitId, start: world.hour(30) });
    await world.settle(3 * HOUR);
    expect(world.calendars.writeCount).to.equal(0);
  });

  for (const confirmations of [1, 2, 4]) {
    it(`removes the event of a cancelled booking after exactly ${confirmations} readings`, async () => {
      const world = await blindWorld({ uschedule: { status: 'blind', cancelConfirmations: confirmations } });
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle(HELD);
      world.bookings.user.cancel(id);
      await world.settle((confirmations - 1) * MINUTE + 500);
      expect(world.on(BAY1)).to.have.length(1);
      await world.settle(MINUTE);
      expect(world.on(BAY1)).to.deep.equal([]);
      expect(world.bookings.writeCount).to.equal(0);
    });
  }

  it('restarts the count after a reading as busy', async () => {
    const world = await blindWorld();
    world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    for (let time = 0; time < 5; time++) {
      world.bookings.flickerAvailability(1);
      await world.settle(2 * MINUTE);
    }
    expect(world.on(BAY1)).to.have.length(1);
  });

  it('continues the count after a restart', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', cancelConfirmations: 3 } });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    world.bookings.user.cancel(id);
    await world.settle(2 * MINUTE);
    await world.engine.stop();
    world.engine = world.newEngine();
    await world.start();
    await world.settle(500);
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('never mirrors a cancelled booking again when another customer books its slot', async () => {
    const world = await blindWorld();
    const dead = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    await world.settle(HELD);
    world.bookings.user.cancel(dead);
    await world.settle(3 * MINUTE);
    const live = world.book(BAY1.resourceUnitId, 30 - 0, 'Ben S.');
    await world.settle(HELD);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${live}`, title: 'Ben S.' });
    await world.settle(3 * HOUR);
    expect(world.on(BAY1)).to.have.length(1);
  });

  it('uses the newest of two records in one slot, at once', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', cancelConfirmations: 9 } });
    const old = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    const start = world.bookings.user.booking(old)!.start;
    await world.settle(HELD);
    world.bookings.user.cancel(old);
    const live = world.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ben S.' });
    await world.settle(MINUTE + 500);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(HELD);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${live}`);
  });

  it('keeps a booking live that was moved onto the slot of a cancelled one', async () => {
    const world = await blindWorld({ uschedule: { status: 'blind', cancelConfirmations: 3 } });
    const moved = world.book(BAY1.resourceUnitId, 40, 'Ana R.');
    const dead = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    world.bookings.user.cancel(dead);
    world.bookings.user.move(moved, { start: world.bookings.user.booking(dead)!.start });
    await world.settle(20 * MINUTE);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${moved}`, title: 'Ana R.' });
    expect(only(world.on(BAY1)).start).to.equal(world.bookings.user.booking(moved)!.start);
  });

  it('follows an edit of the event, and does not treat its free old slot as a cancellation', async () => {
    const world = await blindWorld();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
    await world.settle(HOUR);
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: only(world.on(BAY1)).start });
    expect(world.bookings.writeCount).to.equal(1);
  });

  it('cancels nothing while the list is empty, and reports that', async () => {
    const world = new World(BLIND);
    let outage = false;
    const list = world.bookings.listBookings.bind(world.bookings);
    world.bookings.listBookings = async (period) => (outage ? Ok({ bookings: [], unreadable: [] }) : list(period));
    await world.start();
    for (let hour = 24; hour < 34; hour++) world.book(BAY2.resourceUnitId, hour);
    await world.settle(HELD);
    expect(world.on(BAY2)).to.have.length(10);
    outage = true;
    await world.settle(20 * MINUTE);
    expect(world.on(BAY2)).to.have.length(10);
    expect((await world.engine.readiness()).ready).to.equal(false);
    outage = false;
    await world.settle(5 * MINUTE);
    expect(world.on(BAY2)).to.have.length(10);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
  });

  it('cancels nothing if availability shows every slot as free', async () => {
    const world = await blindWorld();
    for (let hour = 24; hour < 34; hour++) world.book(BAY2.resourceUnitId, hour);
    await world.settle(HELD);
    world.bookings.flickerAvailability(30);
    await world.settle(10 * MINUTE);
    expect(world.on(BAY2)).to.have.length(10);
    expect((await world.engine.readiness()).ready).to.equal(false);
    world.bookings.flickerAvailability(0);
    await world.settle(5 * MINUTE);
    expect(world.on(BAY2)).to.have.length(10);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
  });

  it('cancels nothing if availability shows every slot as free, with more bookings than one poll can check', async () => {
    const world = await blindWorld();
    for (let day = 2; day < 42; day++) {
      for (const hour of [0, 2, 4]) {
        world.book(BAY1.resourceUnitId, day * 24 + hour);
        world.book(BAY2.resourceUnitId, day * 24 + hour);
      }
    }
    await world.settle(HELD + 10 * MINUTE);
    expect(world.on(BAY1).length + world.on(BAY2).length).to.equal(240);
    world.bookings.flickerAvailability(Infinity);
    await world.settle(20 * MINUTE);
    expect(world.on(BAY1).length + world.on(BAY2).length).to.equal(240);
    const reasons = (await world.engine.readiness()).reasons.join();
    expect(reasons).to.match(/feed bookings was stopped by a guard: \d+ of \d+ booked slots read as free at once/);
    world.bookings.flickerAvailability(0);
    await world.settle(10 * MINUTE);
    expect(world.on(BAY1).length + world.on(BAY2).length).to.equal(240);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
  });

  it('finds the cancellations of a whole day among many bookings', async () => {
    const world = await blindWorld();
    const closed: string[] = [];
    for (let day = 2; day < 42; day++) {
      for (const hour of [0, 2, 4]) {
        const ids = [BAY1, BAY2].map((bay) => world.book(bay.resourceUnitId, day * 24 + hour));
        if (day === 20) closed.push(...ids);
      }
    }
    await world.settle(HELD + 10 * MINUTE);
    for (const id of closed) world.bookings.user.cancel(id);
    await world.settle(10 * MINUTE);
    expect(world.on(BAY1).length + world.on(BAY2).length).to.equal(240 - closed.length);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
  });

  it('counts over all replicas', async () => {
    const world = new World({ ...BLIND, settings: { uschedule: { status: 'blind', pollSeconds: 1e6 } } });
    world.store = new MemoryStore({ shared: true });
    const engines = ['one', 'other'].map((owner) => world.newEngine({ owner }));
    const poll = async (which: 0 | 1): Promise<void> => {
      void engines[which]!.syncNow();
      await world.settle(2000);
    };
    const start = world.hour(30);
    const live = world.bookings.user.book({ unit: BAY1.resourceUnitId, start });
    const dead = world.bookings.user.book({ unit: BAY2.resourceUnitId, start });
    for (const engine of engines) void engine.start();
    await world.settle(HELD);
    await poll(0);
    await poll(1);
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(2);

    // Free to one, not free to the other, free to the first again: that is not twice in a row.
    for (const which of [0, 1, 0] as const) {
      world.bookings.flickerAvailability(which === 0 ? 2 : 0);
      await poll(which);
    }
    expect([...world.on(BAY1), ...world.on(BAY2)]).to.have.length(2);
    world.bookings.user.cancel(dead);
    await poll(1);
    expect(world.on(BAY2)).to.deep.equal([]);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(live);
    await Promise.all(engines.map((engine) => engine.stop()));
  });

  it('makes few calls, writes nothing and does not call Google while nothing changes', async () => {
    const world = await blindWorld({ google: { sweepSeconds: 1e6 } });
    for (let day = 2; day < 52; day++) {
      for (let hour = 0; hour < 10; hour++) {
        world.book(BAY1.resourceUnitId, day * 24 + hour);
        world.book(BAY2.resourceUnitId, day * 24 + hour);
      }
    }
    await world.settle(40 * MINUTE);
    expect(world.on(BAY1).length + world.on(BAY2).length).to.equal(1000);
    world.events.length = 0;
    await world.settle(10 * MINUTE);
    const calls = world.events.flatMap((event) => (event.type === 'call' ? [event] : []));
    const count = (method: string): number => calls.filter((call) => call.method === method).length;
    expect(count('listBookings')).to.equal(10);
    expect(count('listFreeSlots')).to.be.within(1, 10 * 24);
    expect(calls.filter(({ system }) => system === 'google')).to.deep.equal([]);
    for (const write of ['putMap', 'addTasks', 'putLiveness', 'putFeedState']) expect(count(write), write).to.equal(0);
  });
});
