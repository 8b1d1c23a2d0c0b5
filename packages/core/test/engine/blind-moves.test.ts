import { expect } from 'chai';
import { HOUR, MINUTE, Ok, type Booking } from '@loft/sync-core';
import { blindOptions, blindWorld, HELD, POLL } from './blind-world.js';
import { expectInStep } from './in-step.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';

/** A world whose list can be made to say something else of one booking. */
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

describe('a booking that moves, where the booking system hides its status', () => {
  it('lives on the slot of a newer dead one in the other bay', async () => {
    const world = await blindWorld({ cancelConfirmations: 3 });
    const moved = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    await world.settle(POLL);
    const dead = world.book(BAY2.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    world.bookings.desk.cancel(dead);
    world.bookings.desk.move(moved, { unit: BAY2.resourceUnitId });
    await world.settle(10 * MINUTE);
    expect(only(world.on(BAY2))).to.include({ eventId: `loft${moved}`, title: 'Ana R.' });
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(3 * HOUR);
    expect(world.on(BAY2)).to.have.length(1);
  });

  it('lives on the slot of a newer dead one when the service is started anew meanwhile', async () => {
    const world = await blindWorld({ cancelConfirmations: 5 });
    const moved = world.book(BAY1.resourceUnitId, 40, 'Ana R.');
    await world.settle(POLL);
    const dead = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    const { start } = world.bookings.desk.booking(dead)!;
    world.bookings.desk.cancel(dead);
    world.bookings.desk.move(moved, { start });
    await world.settle(2 * POLL);
    await world.restart();
    await world.settle(10 * MINUTE);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${moved}`, start });
  });

  for (const confirmations of [1, 2, 4]) {
    it(`proves the one whose slot it took to be dead by ${confirmations} polls`, async () => {
      const world = await blindWorld({ cancelConfirmations: confirmations });
      const moved = world.book(BAY1.resourceUnitId, 40, 'Ana R.');
      const dead = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
      await world.settle(HELD);
      world.bookings.desk.cancel(dead);
      world.bookings.desk.move(moved, { start: world.bookings.desk.booking(dead)!.start });
      await world.settle((confirmations - 1) * POLL + 500);
      if (confirmations > 1) expect(world.on(BAY1)).to.have.length(2);
      await world.settle(POLL);
      expect(only(world.on(BAY1)).eventId).to.equal(`loft${moved}`);
    });
  }
});

describe('a booking that leaves our bays, where the booking system hides its status', () => {
  const FOREIGN = 9999;
  const options = blindOptions({}, { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, FOREIGN] });

  async function left(): Promise<{ readonly world: World; readonly id: string }> {
    const world = await new World(options).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    world.bookings.desk.move(id, { unit: FOREIGN });
    await world.settle(5 * POLL);
    expect(world.on(BAY1)).to.deep.equal([]);
    return { world, id };
  }

  it('has its event again when it is back', async () => {
    const { world, id } = await left();
    world.bookings.desk.move(id, { unit: BAY2.resourceUnitId });
    await world.settle(5 * POLL);
    expect(only(world.on(BAY2))).to.include({ title: 'Ana R.', start: world.bookings.desk.booking(id)!.start });
    await expectInStep(world);
  });

  it('has it again by a hint, too, and after a restart', async () => {
    const { world, id } = await left();
    await world.restart();
    world.bookings.desk.move(id, { unit: BAY1.resourceUnitId });
    await world.engine.hint(id);
    await world.settle(20_000);
    await expectInStep(world);
  });

  it('stays away when it was cancelled there', async () => {
    const { world, id } = await left();
    world.bookings.desk.cancel(id);
    await world.settle(2 * HOUR);
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(world.calls()['deleteEvent']).to.equal(1);
  });

  it('is not taken for the one that was booked in its place', async () => {
    const { world, id } = await left();
    const live = world.book(BAY1.resourceUnitId, 30, 'Ben S.');
    await world.settle(HELD);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(live);
    world.bookings.desk.cancel(live);
    world.bookings.desk.move(id, { unit: BAY1.resourceUnitId });
    await world.settle(HELD);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(id);
  });
});

describe('one wrong answer of a list whose status is hidden', () => {
  const HOURS = [30, 31, 32, 33, 34];

  async function mirrored(): Promise<Awaited<ReturnType<typeof distortedWorld>> & { readonly ids: readonly string[] }> {
    const given = await distortedWorld();
    const ids = HOURS.map((hour) => given.world.book(BAY1.resourceUnitId, hour));
    await given.world.settle(HELD);
    expect(given.world.on(BAY1)).to.have.length(HOURS.length);
    return { ...given, ids };
  }

  async function nobodyDies({ world, ids }: { readonly world: World; readonly ids: readonly string[] }): Promise<void> {
    await world.settle(500 + 5 * POLL);
    const shown = world.on(BAY1).map(({ marks, start }) => [marks.appointmentId, start]);
    const booked = ids.map((id) => [id, world.bookings.desk.booking(id)!.start]);
    expect(shown).to.have.deep.members(booked);
    expect(world.bookings.writeCount).to.equal(0);
    expect((await world.store.listLiveness()).unwrap().filter(({ dead }) => dead)).to.deep.equal([]);
  }

  it('that puts a booking onto the slot of another leaves both alive', async () => {
    const given = await mirrored();
    const { start, end } = given.world.bookings.desk.booking(given.ids[3]!)!;
    given.distort(given.ids[1]!, { start, end });
    await nobodyDies(given);
  });

  it('that makes a booking last until the evening leaves those behind it alive', async () => {
    const given = await mirrored();
    const { end } = given.world.bookings.desk.booking(given.ids[4]!)!;
    given.distort(given.ids[0]!, { end });
    await nobodyDies(given);
  });

  it('that makes a booking last for years leaves all alive, however often it is given', async () => {
    const given = await mirrored();
    const newest = given.world.book(BAY1.resourceUnitId, 35);
    for (let poll = 0; poll < 5; poll++) {
      given.distort(newest, { start: given.world.hour(1), end: given.world.hour(50_000) });
      await given.world.settle(POLL);
    }
    await given.world.settle(HELD);
    await nobodyDies({ ...given, ids: [...given.ids, newest] });
  });
});

describe('what is asked where the booking system hides its status', () => {
  it('is no availability of units that are no bay of ours', async () => {
    const world = new World(blindOptions({}, { units: [BAY1.resourceUnitId, 9999] }));
    await world.start();
    world.book(9999, 30);
    await world.settle(HELD);
    expect(world.calls()['listFreeSlots'] ?? 0).to.equal(0);
    world.book(BAY1.resourceUnitId, 30);
    await world.settle(HELD);
    expect(world.calls()['listFreeSlots']).to.be.greaterThan(0);
  });

  it('is nothing more about a hint while the checkout still holds the slot', async () => {
    const world = await blindWorld({ pollSeconds: 1e6 });
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.engine.hint(id);
    await world.settle(500);
    expect(world.calls()).to.include({ getBooking: 1, listBookings: 1 });
    expect(world.calls()).not.to.have.property('listFreeSlots');
    expect(world.on(BAY1)).to.deep.equal([]);
  });

  it('is the day of a hinted booking after that, and it is mirrored', async () => {
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
    it(`does not mirror a dead record ${when} by a hint, when its slot is booked by another customer`, async () => {
      const world = await blindWorld({ pollSeconds: 1e6 });
      const slot = { unit: BAY1.resourceUnitId, start: world.clock.now() + ahead };
      const dead = world.bookings.desk.book({ ...slot, customerName: 'Ana R.' });
      world.bookings.desk.cancel(dead);
      const live = world.bookings.desk.book({ ...slot, customerName: 'Ben S.' });
      await world.settle(ahead > HOUR ? HELD : 6 * MINUTE);
      await world.engine.hint(dead);
      await world.engine.hint(live);
      await world.settle(500);
      expect(only(world.on(BAY1))).to.include({ eventId: `loft${live}`, title: 'Ben S.' });
      expect(world.calendars.writeCount).to.equal(1);
    });
  }
});
