import { expect } from 'chai';
import {
  HOUR,
  MINUTE,
  SECOND,
  type Booking,
  type BookingSystem,
  type CalendarEvent,
  type Instant,
} from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

/** A booking system that serves old answers for some time after each change. */
class LaggingWorld extends World {
  /** How long an old answer is served. */
  lagMs = 0;
  /** Whether only every second reading is old. */
  flips = false;
  #readings = 0;
  /** The bookings as they are served. */
  readonly served: BookingSystem;
  /** Versions of each booking, with the time they became true. */
  readonly #versions = new Map<string, { readonly at: Instant; readonly booking: Booking }[]>();

  constructor(options: WorldOptions = {}) {
    super(options);
    const { bookings } = this;
    const changing =
      <A extends readonly unknown[], R>(change: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        await this.#note();
        const answer = await change(...args);
        await this.#note();
        return answer;
      };
    const port: Partial<BookingSystem> = {
      listBookings: async (period) =>
        (await bookings.listBookings(period)).map((list) => ({
          ...list,
          bookings: list.bookings.map((booking) => this.#served(booking)),
        })),
      getBooking: async (id) => (await bookings.getBooking(id)).map((booking) => this.#served(booking)),
      rescheduleBooking: changing((id, to) => bookings.rescheduleBooking(id, to)),
      cancelBooking: changing((id) => bookings.cancelBooking(id)),
    };
    this.served = overridden(bookings, port);
    this.through({ bookings: this.served });
  }

  /** Records the current state as a version. */
  async #note(): Promise<void> {
    const at = this.clock.now();
    for (const { id } of this.bookings.user.bookings()) {
      const booking = (await this.bookings.getBooking(id)).unwrap();
      const known = this.#versions.get(id) ?? [];
      const last = known.at(-1)?.booking;
      if (JSON.stringify(last) !== JSON.stringify(booking)) this.#versions.set(id, [...known, { at, booking }]);
    }
  }

  #served(booking: Booking): Booking {
    const versions = this.#versions.get(booking.appointmentId) ?? [];
    const current = versions.at(-1);
    const before = versions.at(-2);
    if (!current || !before || current.at + this.lagMs <= this.clock.now()) return booking;
    if (this.flips && this.#readings++ % 2 === 0) return booking;
    return before.booking;
  }
}

const PUSH = { address: 'https://sync.example/webhook/gcal', tokenOf: (id: string): string => `token of ${id}` };

async function oneBooking(world: World): Promise<string> {
  await world.start();
  const id = world.book(BAY1.resourceUnitId, 30);
  await world.settle();
  return id;
}

describe('an echo of our own write to a booking', function () {
  this.timeout(300_000);

  for (const flips of [false, true]) {
    for (const pollSeconds of [1, 3, 60]) {
      const how = flips ? 'alternating with the new one' : '';
      it(`served as an old answer ${how} and polled every ${pollSeconds} s reverts nothing`, async () => {
        const world = new LaggingWorld({ settings: { uschedule: { pollSeconds } } });
        const id = await oneBooking(world);
        const writes = world.calendars.writeCount;
        Object.assign(world, { lagMs: 9 * SECOND, flips });
        const start = world.hour(50);
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
        await world.settle();
        expect(world.bookings.user.booking(id)).to.include({ start });
        expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 0, rescheduled: 1 });
        expect(world.calendars.writeCount).to.equal(writes);
        await expectInSync(world);
        await expectIdle(world);
      });
    }
  }

  it('does not restore a cancelled booking', async () => {
    for (const flips of [false, true]) {
      const world = new LaggingWorld({ settings: { uschedule: { pollSeconds: 2 } } });
      const id = await oneBooking(world);
      Object.assign(world, { lagMs: 9 * SECOND, flips });
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.writes).to.deep.equal({ booked: 0, cancelled: 1, rescheduled: 0 });
      expect(world.calendars.writeCount).to.equal(1);
      await expectInSync(world);
      await expectIdle(world);
    }
  });

  it('does not restore the event of a booking that was cancelled just before a crash', async () => {
    const world = new LaggingWorld({ settings: { uschedule: { pollSeconds: 2 } } });
    const id = await oneBooking(world);
    const killable = new KillableEngine();
    await world.engine.stop();
    const { served, calendars, store } = world;
    world.engine = world.newEngine({
      ...killable.ports({ bookings: served, calendars, store }),
      owner: 'the dead one',
    });
    await world.start();
    world.lagMs = 9 * SECOND;
    calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    killable.dieOfNext('cancelBooking');
    void world.engine.syncNow();
    await world.settle(3 * SECOND);
    expect(killable.dead).to.equal(true);
    // As the store of a single process does when it is opened.
    await store.releaseTasks('the dead one');
    world.engine = world.newEngine();
    await world.start();
    await world.settle();
    expect(world.bookings.writes.cancelled).to.equal(1);
    expect(world.calendars.writeCount, 'the event was created once, and never restored').to.equal(1);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('is not used to revert a refused edit', async () => {
    const world = new LaggingWorld({ settings: { uschedule: { pollSeconds: 1e6 } }, engine: { push: PUSH } });
    const id = await oneBooking(world);
    const taken = world.hour(60);
    world.bookings.user.book({ unit: BAY1.resourceUnitId, start: taken, customerName: 'Ben', notes: '' });
    await world.engine.syncNow();
    await world.settle();
    const writes = world.calendars.writeCount;
    world.lagMs = 9 * SECOND;
    const accepted = world.hour(50);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: accepted });
    await world.settle(2 * SECOND);
    expect(world.bookings.user.booking(id)).to.include({ start: accepted });
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: taken });
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ start: accepted });
    expect(world.calendars.events(BAY1.calendarId).find(({ eventId }) => eventId === `loft${id}`)).to.include({
      start: accepted,
    });
    expect(world.calendars.writeCount - writes).to.equal(1);
    await expectIdle(world);
  });

  it('does not hide a later real change of the booking', async () => {
    const world = new LaggingWorld({ settings: { uschedule: { pollSeconds: 2 } } });
    const id = await oneBooking(world);
    world.lagMs = 9 * SECOND;
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
    await world.engine.syncNow();
    await world.settle(3 * SECOND);
    expect(world.bookings.writeCount).to.equal(1);
    world.bookings.user.move(id, { start: world.hour(60) });
    await world.settle(MINUTE);
    expect(world.bookings.user.booking(id)).to.include({ start: world.hour(60) });
    expect(world.bookings.writeCount).to.equal(1);
    await expectInSync(world);
  });

  it('does not delay a second edit of the user', async () => {
    const world = new LaggingWorld({ settings: { google: { sweepSeconds: 1 } } });
    const id = await oneBooking(world);
    world.lagMs = 9 * SECOND;
    for (const hours of [50, 60, 70]) {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(hours) });
      await world.settle(2 * SECOND);
      expect(world.bookings.user.booking(id)).to.include({ start: world.hour(hours) });
    }
    await world.settle();
    expect(world.bookings.writes.rescheduled).to.equal(3);
    expect(world.calendars.writeCount).to.equal(1);
    await expectInSync(world);
  });
});

describe('a poll that was running', function () {
  this.timeout(300_000);

  it('while we wrote to the booking is discarded', async () => {
    const world = new World();
    const { bookings, clock } = world;
    let slow = false;
    let hold: (() => void) | null = null;
    world.through({
      bookings: overridden(bookings, {
        listBookings: async (period) => {
          const list = await bookings.listBookings(period);
          if (slow) await new Promise<void>((resolve) => (hold = resolve));
          return list;
        },
      }),
    });
    const id = await oneBooking(world);
    slow = true;
    await world.settle(MINUTE);
    expect(hold).to.not.equal(null);
    slow = false;
    // The list from before the edit is still being answered when the edit is carried, and long after.
    const start = world.hour(50);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    await world.settle(10 * MINUTE);
    expect(bookings.user.booking(id)).to.include({ start });
    hold!();
    await world.settle();
    expect(bookings.user.booking(id)).to.include({ start });
    expect(bookings.writeCount).to.equal(1);
    expect(world.calendars.writeCount).to.equal(1);
    await expectInSync(world);
    expect(clock.now()).to.be.greaterThan(0);
  });
});

describe('an answer that is older than our latest reading', function () {
  this.timeout(300_000);

  it('does not revert a change that a hint has reported since', async () => {
    const world = new World();
    const { bookings } = world;
    let hold: Promise<void> | null = null;
    world.through({
      bookings: overridden(bookings, {
        listBookings: async (period) => {
          const list = await bookings.listBookings(period);
          await hold;
          return list;
        },
      }),
    });
    const id = await oneBooking(world);
    let release = (): void => {};
    hold = new Promise((resolve) => (release = resolve));
    await world.settle(MINUTE);
    bookings.user.move(id, { start: world.hour(50) });
    await world.engine.hint(id);
    await world.settle(MINUTE);
    expect(world.calendars.writeCount).to.equal(2);
    hold = null;
    release();
    await world.settle();
    expect(world.calendars.writeCount).to.equal(2);
    await expectInSync(world);
  });
});

describe('an edit that is made during our own write', function () {
  this.timeout(300_000);

  /** A world in which an act happens just before our next write of that kind. */
  function interrupted(method: 'patchEvent' | 'moveEvent'): { readonly world: World; before: (() => void) | null } {
    const world = new World();
    const { calendars } = world;
    const it: { readonly world: World; before: (() => void) | null } = { world, before: null };
    const strike = (): void => {
      const { before } = it;
      it.before = null;
      before?.();
    };
    world.through({
      calendars: overridden(
        calendars,
        method === 'patchEvent'
          ? { patchEvent: (...args) => (strike(), calendars.patchEvent(...args)) }
          : { moveEvent: (...args) => (strike(), calendars.moveEvent(...args)) },
      ),
    });
    return it;
  }

  it('is not treated as that write', async () => {
    const struck = interrupted('patchEvent');
    const { world } = struck;
    const id = await oneBooking(world);
    const start = world.hour(50);
    struck.before = () => world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    world.bookings.user.setNotes(id, 'Three players');
    await world.settle();
    expect(struck.before).to.equal(null);
    expect(world.bookings.user.booking(id)).to.include({ start });
    expect(world.on(BAY1)[0]).to.include({ start, description: 'Three players' });
    await expectInSync(world);
    await expectIdle(world);
  });

  it('is not lost in a move to the other calendar', async () => {
    const struck = interrupted('moveEvent');
    const { world } = struck;
    const id = await oneBooking(world);
    struck.before = () => {
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
    };
    world.bookings.user.move(id, { unit: BAY2.resourceUnitId });
    await world.settle();
    expect(struck.before).to.equal(null);
    expect(world.on(BAY2)).to.have.length(1);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a calendar that returns our texts in another notation', function () {
  this.timeout(300_000);

  it('does not cause an edit', async () => {
    const world = new World();
    const { calendars } = world;
    /** Whole minutes, and a text that differs also after normalization. */
    const reworded = (event: CalendarEvent): CalendarEvent => ({
      ...event,
      start: event.start && event.start - (event.start % MINUTE),
      end: event.end && event.end - (event.end % MINUTE),
      title: event.title.replace('\u2013', '-'),
    });
    world.through({
      calendars: overridden(calendars, {
        listEvents: async (calendarId, cursor) =>
          (await calendars.listEvents(calendarId, cursor)).map((page) => ({
            ...page,
            events: page.events.map(reworded),
          })),
        getEvent: async (calendarId, eventId) => (await calendars.getEvent(calendarId, eventId)).map(reworded),
        insertEvent: async (...args) => (await calendars.insertEvent(...args)).map(reworded),
        patchEvent: async (...args) => (await calendars.patchEvent(...args)).map(reworded),
      }),
    });
    await world.start();
    const start = world.hour(30) + 12_345;
    const id = world.bookings.user.book({ unit: BAY1.resourceUnitId, start, customerName: 'Ana \u2013 Bo' });
    await world.settle(HOUR);
    world.bookings.user.setNotes(id, 'Three players');
    await world.settle(HOUR);
    calendars.expireSyncTokens();
    await world.settle(HOUR);
    // As after a crash before the task was processed: everything is read again.
    await world.engine.stop();
    const event = { calendarId: BAY1.calendarId, eventId: `loft${id}` };
    const task = { appointmentId: id, trigger: 'sweep', event, dueAt: world.clock.now() } as const;
    await world.store.addTasks([task], world.clock.now());
    world.engine = world.newEngine();
    await world.start();
    await world.settle(HOUR);
    expect(world.calendars.writeCount).to.equal(2);
    expect(world.bookings.writeCount).to.equal(0);
    expect(world.reasons().filter((reason) => reason === 'text-edited')).to.deep.equal([]);
    expect(world.bookings.user.booking(id)).to.include({ start });
  });
});

describe('notifications of our own writes', function () {
  this.timeout(300_000);

  it('change nothing, and every change of a user causes one write', async () => {
    const world = await new World({ engine: { push: PUSH } }).start();
    const { user } = world.bookings;
    const { person } = world.calendars;
    let writes = { google: 0, uschedule: 0 };
    /** The writes on either side since the last call. */
    const cost = async (): Promise<{ readonly google: number; readonly uschedule: number }> => {
      await world.settle();
      const now = { google: world.calendars.writeCount, uschedule: world.bookings.writeCount };
      const since = { google: now.google - writes.google, uschedule: now.uschedule - writes.uschedule };
      writes = now;
      await expectInSync(world);
      await expectIdle(world);
      return since;
    };

    const id = world.book(BAY1.resourceUnitId, 30);
    const eventId = `loft${id}`;
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    user.move(id, { start: world.hour(40) });
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    user.setNotes(id, 'Three players');
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    person.dragEvent(BAY1.calendarId, eventId, { start: world.hour(50) });
    expect(await cost()).to.deep.equal({ google: 0, uschedule: 1 });
    person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId);
    expect(await cost()).to.deep.equal({ google: 0, uschedule: 1 });
    user.move(id, { start: world.hour(60) });
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    person.describeEvent(BAY2.calendarId, eventId, 'Bring cake');
    expect(await cost()).to.deep.equal({ google: 0, uschedule: 0 });
    person.deleteEvent(BAY2.calendarId, eventId);
    expect(await cost()).to.deep.equal({ google: 0, uschedule: 1 });

    const other = world.book(BAY2.resourceUnitId, 30);
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    user.cancel(other);
    expect(await cost()).to.deep.equal({ google: 1, uschedule: 0 });
    await world.settle(6 * HOUR);
    expect(await cost()).to.deep.equal({ google: 0, uschedule: 0 });
  });

  it('that are duplicated, late or out of order change nothing either', async () => {
    const world = await new World({ engine: { push: PUSH } }).start();
    const notifications: Parameters<typeof world.engine.notify>[0][] = [];
    world.calendars.onNotification = (notification) => {
      notifications.push(notification);
      void world.engine.notify(notification);
      void world.engine.notify(notification);
    };
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(50) });
    await world.settle(MINUTE);
    for (const notification of notifications.toReversed()) await world.engine.notify(notification);
    await world.settle();
    expect(world.bookings.writeCount).to.equal(1);
    expect(world.calendars.writeCount).to.equal(1);
    await expectInSync(world);
  });

  it('keep the text that a user gave the event, also if the time changes', async () => {
    const world = await new World({ engine: { push: PUSH } }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.renameEvent(BAY1.calendarId, `loft${id}`, 'Ana (birthday!)');
    await world.settle();
    world.bookings.user.move(id, { start: world.hour(40) });
    await world.settle();
    expect(world.on(BAY1)[0]).to.include({ title: 'Ana (birthday!)', start: world.hour(40) });
    world.bookings.user.setNotes(id, 'Three players');
    await world.settle();
    expect(world.on(BAY1)[0]).to.include({ title: 'Ana (birthday!)', description: 'Three players' });
    expect(world.bookings.writeCount).to.equal(0);
  });
});

describe('hints', function () {
  this.timeout(300_000);

  it('that arrive a hundred times cause one write', async () => {
    const world = await new World({ settings: { uschedule: { pollSeconds: 1e6 } } }).start();
    const id = world.book(BAY1.resourceUnitId, 30);
    for (let time = 0; time < 100; time++) void world.engine.hint(id);
    await world.settle(MINUTE);
    expect(world.calendars.writeCount).to.equal(1);
    for (let time = 0; time < 100; time++) {
      await world.engine.hint(id);
      await world.settle(SECOND);
    }
    expect(world.calendars.writeCount).to.equal(1);
    await expectIdle(world);
  });

  it('of unknown appointments have no effect', async () => {
    const world = await new World().start();
    await world.engine.hint('999999');
    await world.engine.hint('no such thing');
    await world.settle();
    expect(world.reasons()).to.deep.equal(['dead-on-arrival', 'dead-on-arrival']);
    await expectIdle(world);
  });

  it('that arrive while an edit waits in the store do not hide the edit', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    const start = world.hour(50);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    // As after a crash between storing an edit's task and processing it.
    const task = {
      appointmentId: id,
      trigger: 'sweep',
      event: { calendarId: BAY1.calendarId, eventId: `loft${id}` },
    } as const;
    await world.engine.stop();
    const token = (await world.calendars.listEvents(BAY1.calendarId, { syncToken: null, pageToken: null })).unwrap();
    const state = (await world.store.getFeedState(`calendar:${BAY1.calendarId}`)).unwrap()!;
    await world.store.putFeedState({ ...state, syncToken: token.nextSyncToken });
    await world.store.addTasks([{ ...task, dueAt: world.clock.now() }], world.clock.now());
    world.engine = world.newEngine();
    await world.engine.hint(id);
    await world.start();
    await world.settle();
    expect(world.bookings.user.booking(id)).to.include({ start });
    await expectInSync(world);
  });
});
