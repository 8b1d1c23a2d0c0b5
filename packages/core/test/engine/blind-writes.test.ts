import { expect } from 'chai';
import { Err, MINUTE, type BookingSystem, type Result, type SyncError } from '@loft/sync-core';
import { blindOptions, HELD, POLL } from './blind-world.js';
import { expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { overridden } from './overridden.js';
import { BAY1, only, World, type WorldOptions } from './world.js';

const LOST: SyncError = { kind: 'transient', system: 'uschedule', method: 'any', message: 'no answer' };

type Lossy = 'cancelBooking' | 'book' | 'rescheduleBooking';

/** A world in which the next answer of a method is lost on request. */
async function lossyWorld(
  options: WorldOptions,
): Promise<{ readonly world: World; readonly lose: (method: Lossy) => void }> {
  const world = new World(options);
  const lost = new Set<Lossy>();
  const lossy = <T>(method: Lossy, answer: Result<T, SyncError>): Result<T, SyncError> =>
    lost.delete(method) ? Err(LOST) : answer;
  const { bookings } = world;
  const port: BookingSystem = overridden<BookingSystem>(bookings, {
    cancelBooking: async (id) => lossy('cancelBooking', await bookings.cancelBooking(id)),
    book: async (request) => lossy('book', await bookings.book(request)),
    rescheduleBooking: async (id, to) => lossy('rescheduleBooking', await bookings.rescheduleBooking(id, to)),
  });
  await world.through({ bookings: port }).start();
  return { world, lose: (method) => lost.add(method) };
}

async function mirrored(world: World): Promise<string> {
  const id = world.book(BAY1.resourceUnitId, 100);
  await world.settle(HELD);
  expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
  return id;
}

function drag(world: World, id: string): number {
  const start = world.hour(110);
  world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
  return start;
}

describe('writing back to a booking system that hides its status', () => {
  for (const method of ['book', 'cancelBooking'] as const) {
    it(`makes one new booking, although the answer of ${method} is lost`, async () => {
      const { world, lose } = await lossyWorld(blindOptions({ reschedule: 'rebook' }));
      const id = await mirrored(world);
      lose(method);
      const start = drag(world, id);
      await world.settle(30 * MINUTE);
      expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
      expect(world.bookings.user.liveBookings().map((it) => it.start)).to.deep.equal([start]);
      await expectInSync(world);
    });
  }

  it('cancels the new booking if the old one cannot be cancelled, and reverts the event', async () => {
    const { world } = await lossyWorld(blindOptions({ reschedule: 'rebook' }, { cancellationHours: 105 }));
    const id = await mirrored(world);
    drag(world, id);
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.liveBookings().map((it) => it.id)).to.deep.equal([id]);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${id}`, start: world.bookings.user.booking(id)!.start });
    await expectInSync(world);
  });

  it('cancels the new booking also if the answer of that call is lost', async () => {
    const { world, lose } = await lossyWorld(blindOptions({ reschedule: 'rebook' }, { cancellationHours: 105 }));
    const id = await mirrored(world);
    let cancelled = 0;
    const cancel = world.bookings.cancelBooking.bind(world.bookings);
    world.bookings.cancelBooking = async (appointmentId) => {
      if (++cancelled === 2) lose('cancelBooking');
      return cancel(appointmentId);
    };
    drag(world, id);
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.liveBookings().map((it) => it.id)).to.deep.equal([id]);
    await expectInSync(world);
  });

  it('follows a reschedule to a new id, although the answer is lost', async () => {
    const { world, lose } = await lossyWorld(blindOptions({}, { reschedule: 'new-id' }));
    const id = await mirrored(world);
    lose('rescheduleBooking');
    const start = drag(world, id);
    await world.settle(30 * MINUTE);
    expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 0, rescheduled: 1 });
    expect(world.bookings.user.liveBookings().map((it) => it.start)).to.deep.equal([start]);
    await expectInSync(world);
  });

  it('cancels once and restores no event, although the answer is lost', async () => {
    const { world, lose } = await lossyWorld(blindOptions());
    const id = await mirrored(world);
    lose('cancelBooking');
    const before = world.calendars.writeCount;
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(30 * MINUTE);
    expect(world.bookings.writes.cancelled).to.equal(1);
    expect(world.calendars.writeCount).to.equal(before);
    await expectInSync(world);
  });

  it('restores no event if both sides were cancelled at the same time', async () => {
    const { world } = await lossyWorld(blindOptions());
    const id = await mirrored(world);
    const before = world.calendars.writeCount;
    world.bookings.user.cancel(id);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(30 * MINUTE);
    expect(world.calendars.writeCount).to.equal(before);
    await expectInSync(world);
  });

  it('restores the event if the cancellation is refused (docs/uschedule.md#lesson-8)', async () => {
    const { world } = await lossyWorld(blindOptions({}, { cancellationHours: 200 }));
    const id = await mirrored(world);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    await world.settle(30 * MINUTE);
    expect(only(world.on(BAY1)).marks.appointmentId).to.equal(id);
    await world.settle(30 * MINUTE);
    await expectInSync(world);
  });

  it('does not confuse an earlier, undone rebooking with the current one', async () => {
    const { world, lose } = await lossyWorld(blindOptions({ reschedule: 'rebook' }, { cancellationHours: 105 }));
    const id = await mirrored(world);
    drag(world, id);
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.bookings()).to.have.length(2);
    world.bookings.user.rules = { ...world.bookings.user.rules, cancellationHours: null };
    lose('book');
    const start = world.hour(110) + 30 * MINUTE;
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.liveBookings().map((it) => it.start)).to.deep.equal([start]);
    await expectInSync(world);
  });
});

interface Scenario {
  readonly title: string;
  readonly options: WorldOptions;
  readonly act: (world: World, id: string) => void;
  readonly live: (world: World) => readonly number[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'an event dragged, which requires a rebooking',
    options: blindOptions({ reschedule: 'rebook' }),
    act: drag,
    live: (world) => [world.hour(110)],
  },
  {
    title: 'an event dragged, whose old booking may not be cancelled',
    options: blindOptions({ reschedule: 'rebook' }, { cancellationHours: 105 }),
    act: drag,
    live: (world) => [world.hour(100)],
  },
  {
    title: 'an event dragged, whose booking gets a new id',
    options: blindOptions({}, { reschedule: 'new-id' }),
    act: drag,
    live: (world) => [world.hour(110)],
  },
  {
    title: 'an event deleted',
    options: blindOptions(),
    act: (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
    live: () => [],
  },
  {
    title: 'a booking cancelled',
    options: blindOptions(),
    act: (world, id) => world.bookings.user.cancel(id),
    live: () => [],
  },
];

async function play(
  { options, act }: Scenario,
  dieOf: number | null,
): Promise<{ world: World; calls: readonly string[] }> {
  const world = new World(options);
  const zero = world.hour(0);
  world.hour = (hours) => zero + hours * 60 * MINUTE;
  const killable = new KillableEngine();
  const { bookings, calendars, store } = world;
  world.engine = world.newEngine({
    bookings: killable.port(bookings),
    calendars: killable.port(calendars),
    store: killable.port(store),
  });
  await world.start();
  const id = await mirrored(world);
  killable.dieOf(dieOf ?? Infinity);
  act(world, id);
  void world.engine.syncNow();
  await world.settle(3 * POLL);
  const calls = [...killable.calls];
  if (dieOf !== null) {
    world.engine = world.newEngine();
    await world.start();
    await world.settle(20 * MINUTE);
  }
  return { world, calls };
}

describe('a crash with a booking system that hides its status', function () {
  this.timeout(300_000);

  for (const scenario of SCENARIOS) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const { calls } = await play(scenario, null);
      for (let call = 1; call <= calls.length; call++) {
        const { world } = await play(scenario, call);
        const what = `after call ${call} of ${calls.length}: …, ${calls.slice(0, call).slice(-3).join(', ')}`;
        expect(
          world.bookings.user.liveBookings().map((it) => it.start),
          what,
        ).to.deep.equal(scenario.live(world));
        await expectInSync(world, what);
      }
    });
  }
});
