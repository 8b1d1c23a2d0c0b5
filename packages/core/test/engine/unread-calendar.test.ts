import { expect } from 'chai';
import {
  Err,
  MemoryStore,
  MINUTE,
  SECOND,
  type BookingSystem,
  type CalendarSystem,
  type SyncError,
  type SyncErrorKind,
} from '@loft/sync-core';
import { expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, settingsWith, World } from './world.js';

function failure(kind: SyncErrorKind): SyncError {
  return { kind, system: 'google', method: 'events.list', message: `${kind} of the list` };
}

/** How the list of one bay's calendar fails. */
type Fault = 'transient' | 'rate-limited' | 'rate-limited for minutes' | 'forbidden' | 'hangs';

/** A world in which the list of bay 1's calendar fails until `mend` is called. */
function withUnreadableBay(fault: Fault): { readonly world: World; readonly mend: () => void } {
  const world = new World();
  let isMended = false;
  const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
    if (isMended || calendarId !== BAY1.calendarId) return world.calendars.listEvents(calendarId, cursor);
    if (fault === 'rate-limited for minutes') return Err({ ...failure('rate-limited'), retryAfterMs: 5 * MINUTE });
    if (fault !== 'hangs') return Err(failure(fault));
    return new Promise((resolve) => void world.clock.setTimer(15 * SECOND, () => resolve(Err(failure('transient')))));
  };
  world.through({ calendars: overridden<CalendarSystem>(world.calendars, { listEvents }) });
  return { world, mend: () => (isMended = true) };
}

/** The calendars; the calendar of bay 1 answers no read. */
function withReads(world: World, fault: SyncErrorKind): CalendarSystem {
  const isShut = (calendarId: string): boolean => calendarId === BAY1.calendarId;
  return overridden<CalendarSystem>(world.calendars, {
    listEvents: async (calendarId, cursor) =>
      isShut(calendarId) ? Err(failure(fault)) : world.calendars.listEvents(calendarId, cursor),
    getEvent: async (calendarId, eventId) =>
      isShut(calendarId) ? Err(failure(fault)) : world.calendars.getEvent(calendarId, eventId),
  });
}

describe('a calendar that cannot be listed at the first start', () => {
  for (const fault of ['transient', 'rate-limited', 'rate-limited for minutes', 'forbidden', 'hangs'] as const) {
    it(`and answers "${fault}" delays its own bay only, and is synced after its recovery without duplicates`, async () => {
      const { world, mend } = withUnreadableBay(fault);
      const adopted = world.book(BAY1.resourceUnitId, 30);
      await world.calendars.insertEvent(BAY1.calendarId, 'of0the0service0before', {
        start: world.hour(30),
        end: world.hour(31),
        title: 'Ana R.',
        description: '',
        free: false,
        appointmentId: adopted,
        bay: '1',
      });
      for (const hours of [40, 41]) {
        world.book(BAY1.resourceUnitId, hours);
        world.book(BAY2.resourceUnitId, hours);
      }
      await world.start();
      await world.settle(20 * SECOND);
      expect(world.on(BAY2)).to.have.length(2);
      expect(world.on(BAY1)).to.have.length(1);
      const { reasons } = await world.engine.readiness();
      expect(reasons.join('; ')).to.include(BAY1.calendarId);
      const notices = world.events.flatMap((it) => (it.type === 'notice' ? [it.message] : []));
      expect(notices.join('; ')).to.include('the calendar of bay 1 cannot be read yet');

      await world.settle(10 * MINUTE);
      expect(world.on(BAY1)).to.have.length(1);
      expect(await world.deadLetters()).to.deep.equal([]);
      mend();
      await world.settle(10 * MINUTE);
      expect(world.on(BAY1)).to.have.length(3);
      await expectInSync(world);
      expect((await world.engine.readiness()).reasons).to.deep.equal([]);
      await world.engine.stop();
    });
  }

  for (const fault of ['forbidden', 'transient'] as const) {
    it(`and answers "${fault}" to every read does not delay a booking of another bay whose insert is retried`, async () => {
      const world = new World();
      let isTried = false;
      world.through({
        calendars: overridden<CalendarSystem>(withReads(world, fault), {
          insertEvent: async (...args) => {
            if (isTried) return world.calendars.insertEvent(...args);
            isTried = true;
            return Err(failure('transient'));
          },
        }),
      });
      const id = world.book(BAY2.resourceUnitId, 40);
      await world.start();
      await world.settle(2 * MINUTE);
      expect(world.on(BAY2)).to.have.length(1);
      expect(await world.deadLetters()).to.deep.equal([]);
      expect(world.on(BAY2).map(({ marks }) => marks.appointmentId)).to.deep.equal([id]);
    });
  }

  it('is not reported if the stop of the service has aborted the read', async () => {
    const { world } = withUnreadableBay('hangs');
    await world.engine.start();
    await world.clock.advance(SECOND);
    const stopped = world.engine.stop();
    await world.clock.advance(20 * SECOND);
    await stopped;
    const notices = world.events.flatMap((it) => (it.type === 'notice' ? [it.message] : []));
    expect(notices.join('; ')).not.to.include('cannot be read yet');
  });

  it('of a new bay does not delay the other bays', async () => {
    const { world } = withUnreadableBay('transient');
    await world.start();
    await world.settle(6 * SECOND);
    world.book(BAY2.resourceUnitId, 30);
    await world.settle(2 * MINUTE);
    expect(world.on(BAY2)).to.have.length(1);
    await world.engine.stop();
  });
});

describe('a calendar that was listed before a restart and does not answer then', () => {
  it('delays the first poll by five seconds at most', async () => {
    const world = await new World().start();
    await world.settle();
    await world.engine.stop();
    world.book(BAY1.resourceUnitId, 30);
    world.through({
      calendars: overridden<CalendarSystem>(world.calendars, {
        listEvents: () =>
          new Promise((resolve) => void world.clock.setTimer(MINUTE, () => resolve(Err(failure('transient'))))),
      }),
    });
    await world.start();
    await world.settle(4 * SECOND);
    expect(world.on(BAY1)).to.deep.equal([]);
    await world.settle(2 * SECOND);
    expect(world.on(BAY1)).to.have.length(1);
    const stopped = world.engine.stop();
    await world.settle(2 * MINUTE);
    await stopped;
  });
});

/** The engine uses the store of the world, also after that was replaced. */
function currentStoreOf(world: World): MemoryStore {
  return new Proxy(world.store, {
    get: (_, name): unknown => {
      const { store } = world;
      const member: unknown = Reflect.get(store, name, store);
      return typeof member === 'function' ? member.bind(store) : member;
    },
  });
}

describe('a store that is emptied while the service runs', () => {
  it('is rebuilt without duplicate events or cancelled bookings, and the loss is reported', async () => {
    const world = new World();
    const ids = Array.from({ length: 6 }, (_, nth) => world.book(BAY1.resourceUnitId, 30 + nth));
    world.through({ store: currentStoreOf(world) });
    await world.start();
    await world.settle(MINUTE);
    const writes = world.calendars.writeCount;
    world.store = new MemoryStore();
    world.bookings.user.cancel(ids[0]!);
    await world.settle(2 * MINUTE);
    expect(world.on(BAY1)).to.have.length(5);
    expect(world.calendars.writeCount - writes).to.equal(1);
    expect(world.bookings.writeCount).to.equal(0);
    const notices = world.events.flatMap((it) => (it.type === 'notice' ? [it.message] : []));
    expect(notices).to.include('the store was emptied while the service runs: it is rebuilt from both systems');
    await expectInSync(world);
    const moved = ids[1]!;
    world.bookings.user.move(moved, { start: world.hour(60) });
    await world.settle(2 * MINUTE);
    await expectInSync(world);
    await world.engine.stop();
  });

  it('during a list of a calendar gets no token of that list, so that an event of a new appointment id is found', async () => {
    const world = new World({ studio: { reschedule: 'new-id' } });
    const old = world.book(BAY1.resourceUnitId, 30);
    let isToBeEmptied = false;
    const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
      const page = await world.calendars.listEvents(calendarId, cursor);
      if (isToBeEmptied && calendarId === BAY1.calendarId) {
        isToBeEmptied = false;
        world.store = new MemoryStore();
      }
      return page;
    };
    world.through({
      store: currentStoreOf(world),
      calendars: overridden<CalendarSystem>(world.calendars, { listEvents }),
    });
    await world.start();
    await world.settle(MINUTE);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${old}`, { start: world.hour(60) });
    await world.settle();
    isToBeEmptied = true;
    world.calendars.person.createEvent(BAY1.calendarId, { start: world.hour(70), end: world.hour(71), title: 'Own' });
    await world.settle();
    expect(isToBeEmptied).to.equal(false);
    const [{ id } = { id: '' }] = world.bookings.user.liveBookings();
    expect(id).not.to.equal(old);
    expect(
      world
        .on(BAY1)
        .filter(({ marks }) => marks.managed)
        .map(({ eventId }) => eventId),
    ).to.deep.equal([`loft${old}`]);
    await world.engine.stop();
  });

  it('accepts no map of a worker that claimed its task before: an edit that another replica has reverted is not carried', async () => {
    const world = new World();
    world.store = new MemoryStore({ shared: true });
    const { bookings } = world;
    const id = world.book(BAY1.resourceUnitId, 30);
    let isToPause = false;
    let resume: (() => void) | null = null;
    const pausing = overridden<BookingSystem>(bookings, {
      getBooking: async (appointmentId) => {
        const read = await bookings.getBooking(appointmentId);
        if (isToPause) await new Promise<void>((resolve) => (resume = resolve));
        return read;
      },
    });
    world.through({ store: currentStoreOf(world), bookings: pausing });
    await world.start();
    await world.settle(MINUTE);
    for (let claims = 0; claims < 10; claims++) {
      await world.engine.hint(id);
      await world.settle(MINUTE);
    }
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    isToPause = true;
    void world.engine.syncNow();
    await world.settle(2 * SECOND);
    world.store = new MemoryStore({ shared: true });
    const other = world.newEngine({ bookings, owner: 'other' });
    await other.start();
    await world.settle(3 * SECOND);
    expect(world.on(BAY1).map(({ start }) => start)).to.deep.equal([world.hour(30)]);

    isToPause = false;
    expect(resume).not.to.equal(null);
    resume!();
    await world.settle();
    expect(bookings.writeCount).to.equal(0);
    expect(bookings.user.booking(id)?.start).to.equal(world.hour(30));
    await expectInSync(world);
    await world.engine.stop();
    await other.stop();
  });

  it('gets the calendars of the settings again, so that an event is found in the calendar of a bay that is removed later', async () => {
    const world = new World();
    const id = world.book(BAY1.resourceUnitId, 30);
    world.through({ store: currentStoreOf(world) });
    await world.start();
    await world.settle();
    world.store = new MemoryStore();
    await world.settle();
    await world.engine.stop();
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId);
    world.engine = world.newEngine({ settings: settingsWith({ bays: [BAY1] as never }) });
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    expect(world.on(BAY1).map(({ eventId }) => eventId)).to.deep.equal([`loft${id}`]);
    await world.engine.stop();
  });

  it('that refuses claims is a reason of /ready and a notice until it accepts them', async () => {
    const world = new World();
    let isDown = false;
    const error: SyncError = { kind: 'transient', system: 'store', method: 'claimTasks', message: 'no such table' };
    world.through({
      store: overridden(world.store, {
        claimTasks: async (request) => (isDown ? Err(error) : world.store.claimTasks(request)),
      }),
    });
    await world.start();
    await world.settle(MINUTE);
    isDown = true;
    await world.engine.hint(world.book(BAY1.resourceUnitId, 30));
    await world.settle(5 * SECOND);
    expect((await world.engine.readiness()).reasons).to.deep.equal(['tasks cannot be claimed: no such table']);
    isDown = false;
    await world.settle(5 * SECOND);
    expect((await world.engine.readiness()).reasons).to.deep.equal([]);
    const notices = world.events.flatMap((it) => (it.type === 'notice' ? [it.message] : []));
    expect(notices).to.deep.equal(['tasks cannot be claimed: no such table', 'tasks can be claimed again']);
    await world.engine.stop();
  });
});
