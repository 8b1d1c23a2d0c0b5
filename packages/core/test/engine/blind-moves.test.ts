import { expect } from 'chai';
import { HOUR, MINUTE, Ok, type Booking } from '@loft/sync-core';
import { blindOptions, blindWorld, HELD, POLL } from './blind-world.js';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

/** A world whose list can show one booking with wrong fields. */
async function distortedWorld(): Promise<{
  readonly world: World;
  readonly distort: (id: string, change: Partial<Booking>) => void;
}> {
  const world = new World(blindOptions());
  const distortions = new Map<string, Partial<Booking>>();
  const list = world.bookings.listBookings.bind(world.bookings);
  const bookings = overridden(world.bookings, {
    listBookings: async (period) => {
      const answer = await list(period);
      if (answer.err) return answer;
      const distorted = answer.val.bookings.map((it) => ({ ...it, ...distortions.get(it.appointmentId) }));
      distortions.clear();
      return Ok({ ...answer.val, bookings: distorted });
    },
  });
  await world.through({ bookings }).start();
  return { world, distort: (id, change) => distortions.set(id, change) };
}

describe('a moved booking, with a hidden booking status', () => {
  it('stays live on the slot of a newer dead booking in the other bay', async () => {
    const world = await blindWorld({ cancelConfirmations: 3 });
    const moved = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    await world.settle(POLL);
    const dead = world.book(BAY2.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    world.bookings.user.cancel(dead);
    world.bookings.user.move(moved, { unit: BAY2.resourceUnitId });
    await world.settle(10 * MINUTE);
    expect(only(world.on(BAY2))).to.include({ eventId: `loft${moved}`, title: 'Ana R.' });
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(3 * HOUR);
    expect(world.on(BAY2)).to.have.length(1);
  });

  it('stays live on the slot of a newer dead booking after a restart', async () => {
    const world = await blindWorld({ cancelConfirmations: 5 });
    const moved = world.book(BAY1.resourceUnitId, 40, 'Ana R.');
    await world.settle(POLL);
    const dead = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    const { start } = world.bookings.user.booking(dead)!;
    world.bookings.user.cancel(dead);
    world.bookings.user.move(moved, { start });
    await world.settle(2 * POLL);
    await world.restart();
    await world.settle(10 * MINUTE);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${moved}`, start });
  });

  for (const confirmations of [1, 2, 4]) {
    it(`proves that the previous booking of its slot is dead after ${confirmations} polls`, async () => {
      const world = await blindWorld({ cancelConfirmations: confirmations });
      const moved = world.book(BAY1.resourceUnitId, 40, 'Ana R.');
      const dead = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
      await world.settle(HELD);
      world.bookings.user.cancel(dead);
      world.bookings.user.move(moved, { start: world.bookings.user.booking(dead)!.start });
      await world.settle((confirmations - 1) * POLL + 500);
      if (confirmations > 1) expect(world.on(BAY1)).to.have.length(2);
      await world.settle(POLL);
      expect(only(world.on(BAY1)).eventId).to.equal(`loft${moved}`);
    });
  }
});

describe('a booking that moves to a unit without a bay, with a hidden booking status', () => {
  const FOREIGN = 9999;
  const options = blindOptions({}, { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, FOREIGN] });

  async function left(): Promise<{ readonly world: World; readonly id: string }> {
    const world = await new World(options).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    world.bookings.user.move(id, { unit: FOREIGN });
    await world.settle(5 * POLL);
    expect(world.on(BAY1)).to.deep.equal([]);
    return { world, id };
  }

  it('gets its event again when it returns', async () => {
    const { world, id } = await left();
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle(5 * POLL);
    expect(only(world.on(BAY2))).to.include({ title: 'Ana R.', start: world.bookings.user.booking(id)!.start });
    await expectInSync(world);
  });

  it('gets its event again by a hint, and after a restart', async () => {
    const { world, id } = await left();
    await world.restart();
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.engine.hint(id);
    await world.settle(20_000);
    await expectInSync(world);
  });

  it('gets no event if it was cancelled there', async () => {
    const { world, id } = await left();
    world.bookings.user.cancel(id);
    await world.settle(2 * HOUR);
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(world.calls()['deleteEvent']).to.equal(1);
  });

  it('is not confused with the booking that was made on its old slot', async () => {
    const { world, id } = await left();
    const live = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(live);
    world.bookings.user.cancel(live);
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.settle(HELD);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(id);
  });
});

describe('one wrong list, with a hidden booking status', () => {
  const HOURS = [30, 31, 32, 33, 34];

  async function mirrored(): Promise<Awaited<ReturnType<typeof distortedWorld>> & { readonly ids: readonly string[] }> {
    const given = await distortedWorld();
    const ids = HOURS.map((hour) => given.world.book(BAY1.resourceUnitId, hour));
    await given.world.settle(HELD);
    expect(given.world.on(BAY1)).to.have.length(HOURS.length);
    return { ...given, ids };
  }

  async function expectAllLive({
    world,
    ids,
  }: {
    readonly world: World;
    readonly ids: readonly string[];
  }): Promise<void> {
    await world.settle(500 + 5 * POLL);
    const shown = world.on(BAY1).map(({ marks, start }) => [marks.appointmentId, start]);
    const booked = ids.map((id) => [id, world.bookings.user.booking(id)!.start]);
    expect(shown).to.have.deep.members(booked);
    expect(world.bookings.writeCount).to.equal(0);
    expect((await world.store.listLiveness()).unwrap().filter(({ dead }) => dead)).to.deep.equal([]);
  }

  it('that shows a booking on the slot of another keeps both live', async () => {
    const given = await mirrored();
    const { start, end } = given.world.bookings.user.booking(given.ids[3]!)!;
    given.distort(given.ids[1]!, { start, end });
    await expectAllLive(given);
  });

  it('that shows a booking until the evening keeps later bookings live', async () => {
    const given = await mirrored();
    const { end } = given.world.bookings.user.booking(given.ids[4]!)!;
    given.distort(given.ids[0]!, { end });
    await expectAllLive(given);
  });

  it('that shows a booking of several years keeps all live, also if it is repeated', async () => {
    const given = await mirrored();
    const newest = given.world.book(BAY1.resourceUnitId, 35);
    for (let poll = 0; poll < 5; poll++) {
      given.distort(newest, { start: given.world.hour(1), end: given.world.hour(50_000) });
      await given.world.settle(POLL);
    }
    await given.world.settle(HELD);
    await expectAllLive({ ...given, ids: [...given.ids, newest] });
  });
});

describe('the calls with a hidden booking status', () => {
  it('include no availability of units without a bay', async () => {
    const world = new World(blindOptions({}, { units: [BAY1.resourceUnitId, 9999] }));
    await world.start();
    world.book(9999, 30);
    await world.settle(HELD);
    expect(world.calls()['listFreeSlots'] ?? 0).to.equal(0);
    world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    expect(world.calls()['listFreeSlots']).to.be.greaterThan(0);
  });

  it('include nothing more for a hint while the checkout holds the slot', async () => {
    const world = await blindWorld({ pollSeconds: 1e6 });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(500);
    expect(world.calls()).to.include({ getBooking: 1, listBookings: 1 });
    expect(world.calls()).not.to.have.property('listFreeSlots');
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('include the day of a hinted booking after its hold, which is then mirrored', async () => {
    const world = await blindWorld({ pollSeconds: 1e6 });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    await world.engine.hint(id);
    await world.settle(500);
    expect(world.calls()).to.include({ getBooking: 1, listBookings: 2, listFreeSlots: 1 });
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  });

  for (const [when, ahead] of [
    ['about to begin', 10 * MINUTE],
    ['in the future', 30 * HOUR],
  ] as const) {
    it(`include no insert for a dead record ${when} after a hint, if another customer has booked its slot`, async () => {
      const world = await blindWorld({ pollSeconds: 1e6 });
      const slot = { unit: BAY1.resourceUnitId, start: world.clock.now() + ahead };
      const dead = world.bookings.user.book({ ...slot, customerName: 'Ana R.' });
      world.bookings.user.cancel(dead);
      const live = world.bookings.user.book({ ...slot, customerName: 'Ben S.' });
      await world.settle(ahead > HOUR ? HELD : 6 * MINUTE);
      await world.engine.hint(dead);
      await world.engine.hint(live);
      await world.settle(500);
      expect(only(world.on(BAY1))).to.include({ eventId: `loft${live}`, title: 'Ben S.' });
      expect(world.calendars.writeCount).to.equal(1);
    });
  }
});
