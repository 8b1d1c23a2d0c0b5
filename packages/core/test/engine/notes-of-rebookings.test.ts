import { expect } from 'chai';
import { Err, MINUTE, SECOND, type Booking, type BookingSystem } from '@loft/sync-core';
import { blindOptions } from './blind-world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { overridden } from './overridden.js';
import { BAY1, only, World, type WorldOptions } from './world.js';

const NOTE = 'two players, left-handed';

/** What a booking system may do to a note. */
const MANGLED: Readonly<Record<string, (note: string) => string>> = {
  'is cut after 12 characters': (note) => note.slice(0, 12),
  'is dropped': () => '',
  'is in capitals': (note) => note.toUpperCase(),
  'is escaped': (note) => note.replace('[', '&#91;').replace(']', '&#93;'),
};

const REBOOKS: WorldOptions = {
  settings: { uschedule: { reschedule: 'rebook' } },
  studio: { reschedule: 'off' },
};

const MODES: Readonly<Record<string, WorldOptions>> = {
  trusted: REBOOKS,
  blind: blindOptions({ reschedule: 'rebook' }, { reschedule: 'off' }),
};

describe('a rebooking whose answer is lost', () => {
  for (const [mode, options] of Object.entries(MODES)) {
    for (const [what, mangle] of Object.entries(MANGLED)) {
      it(`leaves one booking and one event, although its note ${what}: ${mode}`, async () => {
        const world = new World(options);
        const { bookings, calendars } = world;
        const book: BookingSystem['book'] = async (request) => {
          await bookings.book({ ...request, notes: mangle(request.notes) });
          return Err({ kind: 'transient', system: 'uschedule', method: 'bookit', message: 'no answer' });
        };
        world.through({ bookings: overridden<BookingSystem>(bookings, { book }) });
        const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.', NOTE);
        await world.start();
        await world.settle();
        const start = world.hour(120);
        calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
        await world.settle(60 * MINUTE);
        expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
        expect(only(world.on(BAY1))).to.include({ start });
        expect(bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
        await expectInSync(world);
        await expectIdle(world);
      });
    }
  }
});

describe('a rebooking that took effect', () => {
  for (const [answer, status] of [
    ['a fault of the booking system', 500],
    ['a success that names no booking', 200],
  ] as const) {
    it(`is not repeated if its answer is ${answer}`, async () => {
      const world = new World(REBOOKS);
      let attempts = 0;
      const book: BookingSystem['book'] = async (request) => {
        const booked = await world.bookings.book(request);
        if (++attempts > 1) return booked;
        return Err({ kind: 'transient', system: 'uschedule', method: 'bookit', message: answer, status });
      };
      world.through({ bookings: overridden<BookingSystem>(world.bookings, { book }) });
      const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.', NOTE);
      await world.start();
      await world.settle();
      const start = world.hour(120);
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
      await world.settle(60 * MINUTE);
      expect(attempts).to.equal(1);
      expect(world.bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});

describe('a rebooking whose answer is lost, and whose booking the customer moves at once', () => {
  it('is completed with that booking, which stays where the customer wants it', async () => {
    const world = new World(REBOOKS);
    const { bookings, calendars } = world;
    const moved = world.hour(150);
    let attempts = 0;
    const book: BookingSystem['book'] = async (request) => {
      const booked = await bookings.book(request);
      if (++attempts > 1 || booked.err) return booked;
      bookings.user.move(booked.val, { start: moved });
      void world.engine.syncNow();
      return Err({ kind: 'transient', system: 'uschedule', method: 'bookit', message: 'no answer' });
    };
    world.through({ bookings: overridden<BookingSystem>(bookings, { book }) });
    const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.', NOTE);
    await world.start();
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(120) });
    await world.settle(60 * MINUTE);
    expect(attempts).to.equal(1);
    expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([moved]);
    expect(only(world.on(BAY1))).to.include({ start: moved });
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a rebooking whose answer is lost with its process, and whose booking the customer moves', () => {
  it('is completed by the next process, whose first poll is not answered yet', async () => {
    const world = new World(REBOOKS);
    const { bookings, calendars, store } = world;
    const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.', NOTE);
    const killable = new KillableEngine();
    world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
    await world.start();
    await world.settle();
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(120) });
    killable.dieOfNext('book');
    void world.engine.syncNow();
    await world.settle(20 * SECOND);
    expect(killable.dead).to.equal(true);
    const moved = world.hour(150);
    const [, made] = bookings.user.liveBookings();
    bookings.user.move(made!.id, { start: moved });
    // Its lease has ended when the next process starts.
    await world.settle(3 * MINUTE);
    let polls = 0;
    const listBookings: BookingSystem['listBookings'] = async (period) => {
      if (polls++ === 0) await new Promise<void>((resolve) => void world.clock.setTimer(5 * SECOND, resolve));
      return bookings.listBookings(period);
    };
    world.engine = world.newEngine({
      owner: 'second',
      bookings: overridden<BookingSystem>(bookings, { listBookings }),
    });
    await world.start();
    await world.settle(60 * MINUTE);
    expect(bookings.writes).to.include({ booked: 1, cancelled: 1 });
    expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([moved]);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a rebooking whose answer is lost, and whose repetition is refused', () => {
  const REFUSED = { kind: 'refused', system: 'uschedule', method: 'bookit', message: 'the slot is taken' } as const;

  /** A world in which the first booking's answer is lost. Until `isShown` the lists lack bookings with a marker. */
  async function dragged() {
    const world = new World(REBOOKS);
    const { bookings, calendars } = world;
    const state = { isShown: false, attempts: 0 };
    const book: BookingSystem['book'] = async (request) => {
      const booked = await bookings.book(request);
      return ++state.attempts > 1 ? booked : Err({ ...REFUSED, kind: 'transient', message: 'no answer' });
    };
    const listBookings: BookingSystem['listBookings'] = async (period) => {
      const list = await bookings.listBookings(period);
      const isListed = ({ notes }: Booking): boolean => state.isShown || !notes.includes('[loft:');
      return list.map((all) => ({ ...all, bookings: all.bookings.filter(isListed) }));
    };
    world.through({ bookings: overridden<BookingSystem>(bookings, { book, listBookings }) });
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    const start = world.hour(120);
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    void world.engine.syncNow();
    await world.settle(2 * MINUTE);
    expect(bookings.user.liveBookings()).to.have.length(2);
    expect(state.attempts).to.be.greaterThan(1);
    expect(only(world.on(BAY1)).start).to.equal(start);
    return { world, state, id, start };
  }

  it('is completed when the list shows its booking: the edit is not reverted', async () => {
    const { world, state, id, start } = await dragged();
    state.isShown = true;
    await world.settle(2 * MINUTE);
    expect(world.bookings.user.booking(id)?.state).to.equal('canceled');
    expect(world.bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
    expect(only(world.on(BAY1)).start).to.equal(start);
    expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
    await expectInSync(world);
    await expectIdle(world);
  });

  it('is reverted after 15 minutes, and its booking is cancelled when the list shows it', async () => {
    const { world, state, id, start } = await dragged();
    await world.settle(12 * MINUTE);
    expect(only(world.on(BAY1)).start).to.equal(start);
    await world.settle(2 * MINUTE);
    expect(state.attempts).to.be.within(14, 18);
    expect(only(world.on(BAY1)).start).to.equal(world.bookings.user.booking(id)?.start);
    state.isShown = true;
    await world.settle(30 * MINUTE);
    expect(world.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([id]);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a booking whose note has the marker of a rebooking', () => {
  it('is kept and mirrored if it has another customer: a person has copied the note', async () => {
    const world = new World({ settings: { uschedule: { reschedule: 'rebook' } } });
    const id = world.book(BAY1.resourceUnitId, 100, 'Ana R.');
    world.book(BAY1.resourceUnitId, 110, 'Bo', `[loft:${id}] ${NOTE}`);
    await world.start();
    await world.settle(60 * MINUTE);
    expect(world.bookings.user.liveBookings()).to.have.length(2);
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
  });
});
