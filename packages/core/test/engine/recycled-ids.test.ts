import { expect } from 'chai';
import {
  HOUR,
  MemoryStore,
  MINUTE,
  SECOND,
  type BookingSystem,
  type CalendarSystem,
  type Clock,
} from '@loft/sync-core';
import { MemoryData } from '#src/store/memory-data.js';
import { backupOf, restore } from '#src/testing/simulation/store-backup.js';
import { blindOptions, HELD, POLL } from './blind-world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World, type WorldOptions } from './world.js';

function blindWorldWith(cancel: 'delete' | 'mark'): Promise<World> {
  const options = blindOptions();
  return new World({ ...options, settings: { ...options.settings, google: { cancel } } }).start();
}

/** A booking whose event was transferred to its new id, `moved`. The booking system may use the first one, `id`, again. */
async function transferred() {
  const world = await new World({ studio: { reschedule: 'new-id' } }).start();
  const id = world.book(BAY1.resourceUnitId, 100);
  await world.settle();
  world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
  await world.settle();
  const [moved] = world.bookings.user.liveBookings();
  if (!moved) throw new Error('no booking is live');
  return { world, id, moved };
}

describe('an appointment id that the booking system uses again', () => {
  it('gets its event again for the new customer if the first booking was cancelled', async () => {
    const world = await new World().start();
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.', 'two players');
    await world.settle();
    world.bookings.user.cancel(id);
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    world.bookings.user.reuseId(id, { unit: BAY2.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    const event = only(world.on(BAY2));
    expect(event).to.include({ title: 'Ben T.', description: '', start: world.bookings.user.booking(id)?.start });
    await expectInSync(world);
    await expectIdle(world);
  });

  it('has the event that another installation made for it under the id of an event that was transferred', async () => {
    const { world, id, moved } = await transferred();
    const { bookings, calendars } = world;
    bookings.user.cancel(moved.id);
    await world.settle();
    const start = world.hour(50);
    bookings.user.reuseId(id, { unit: BAY2.resourceUnitId, start, customerName: 'Ben T.' });
    const draft = { title: 'Ben T.', description: '', free: false, appointmentId: id, bay: BAY2.bay };
    await calendars.insertEvent(BAY2.calendarId, `loft${id}`, { start, end: start + HOUR, ...draft });
    await world.settle();
    expect(only(world.on(BAY2))).to.include({ eventId: `loft${id}`, title: 'Ben T.', start });
    expect(world.on(BAY1)).to.deep.equal([]);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('gets an event with another id after a loss of the store, if a listed event of that id belongs to another booking', async () => {
    const { world, id, moved } = await transferred();
    const { bookings, calendars } = world;
    await world.engine.stop();
    world.store = new MemoryStore();
    world.engine = world.newEngine();
    bookings.user.reuseId(id, { unit: BAY2.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
    await world.start();
    await world.settle();
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    expect(only(world.on(BAY2)).eventId).to.equal(`loft${id}g1`);
    const start = world.hour(60);
    calendars.person.dragEvent(BAY2.calendarId, `loft${id}g1`, { start });
    await world.settle();
    expect(bookings.user.booking(moved.id)?.start).to.equal(moved.start);
    expect(bookings.user.liveBookings().map((booking) => booking.start)).to.include(start);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('gets an event if its map was superseded while the clock was ahead, and the clock is corrected', async () => {
    const world = new World({ studio: { reschedule: 'new-id' } });
    const { bookings, calendars, clock } = world;
    let ahead = 0;
    const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
    world.engine = world.newEngine({ clock: wrong });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    ahead = 30 * HOUR;
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
    await world.settle();
    const [moved] = bookings.user.liveBookings();
    expect(moved?.id).not.to.equal(id);
    ahead = 0;
    await world.settle();
    bookings.user.cancel(moved!.id);
    await world.settle();
    bookings.user.reuseId(id, { unit: BAY2.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
    await world.settle();
    expect(only(world.on(BAY2))).to.include({ title: 'Ben T.', start: bookings.user.booking(id)?.start });
    await expectInSync(world);
    await expectIdle(world);
  });

  for (const [mode, cancel] of [
    ['deleted', 'delete'],
    ['marked', 'mark'],
  ] as const) {
    it(`gets its event again in blind mode, too, if the event of the first booking was ${mode}`, async () => {
      const world = await blindWorldWith(cancel);
      const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.', 'two players');
      world.book(BAY2.resourceUnitId, 31);
      await world.settle(HELD);
      world.bookings.user.cancel(id);
      await world.settle();
      expect(world.on(BAY1).filter(({ free }) => !free)).to.deep.equal([]);
      world.bookings.user.reuseId(id, { unit: BAY1.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
      await world.settle(HELD + 3 * POLL);
      const start = world.bookings.user.booking(id)?.start;
      expect(only(world.on(BAY1))).to.include({ title: 'Ben T.', description: '', start, free: false });
      world.bookings.user.cancel(id);
      await world.settle();
      expect(world.on(BAY1).filter(({ free }) => !free)).to.deep.equal([]);
      await expectIdle(world);
    });
  }

  for (const make of ['makeRecurring', 'makeAllDay'] as const) {
    it(`has a single timed event again, although a user changed the event of the cancelled booking by ${make}`, async () => {
      const world = await new World({ settings: { google: { cancel: 'mark' } } }).start();
      const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
      await world.settle();
      world.bookings.user.cancel(id);
      await world.settle();
      world.calendars.person[make](BAY1.calendarId, `loft${id}`);
      await world.settle();
      world.bookings.user.reuseId(id, { unit: BAY1.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
      await world.settle();
      expect(only(world.on(BAY1))).to.include({ shape: 'timed', title: 'Ben T.', free: false });
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  for (const [where, bay] of [
    ['in the same bay', BAY1],
    ['in another bay', BAY2],
  ] as const) {
    it(`gets an event with another id ${where} if its event was transferred to the booking that replaced it`, async () => {
      const world = await new World({ studio: { reschedule: 'new-id' } }).start();
      const id = world.book(BAY1.resourceUnitId, 30);
      await world.settle();
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40), end: world.hour(41) });
      await world.settle();
      const moved = world.bookings.user.liveBookings()[0]!;
      expect(moved.id).to.not.equal(id);
      world.bookings.user.reuseId(id, { unit: bay.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
      await world.settle();
      expect(world.on(bay).map(({ eventId }) => eventId)).to.include(`loft${id}g1`);
      expect(world.on(BAY1).map(({ eventId }) => eventId)).to.include(`loft${id}`);
      await expectInSync(world);
      await expectIdle(world);
      world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(60), end: world.hour(61) });
      await world.settle();
      expect(world.bookings.user.booking(id)?.start).to.equal(
        world.on(bay).find((it) => it.eventId.endsWith('g1'))?.start,
      );
      expect(world.bookings.user.liveBookings()).to.have.length(2);
      await expectInSync(world);
    });
  }
});

/** A booking that is read by its id arrives after the first list, so that the event is adopted by that reading. */
function slowById(world: World): BookingSystem {
  return overridden<BookingSystem>(world.bookings, {
    getBooking: async (id) => {
      await new Promise<void>((resolve) => void world.clock.setTimer(100, resolve));
      return world.bookings.getBooking(id);
    },
  });
}

describe('the record of a reused appointment id that has no name', () => {
  const MODES: Readonly<Record<string, WorldOptions>> = {
    'the status is trusted': {},
    'cancelled events are marked': { settings: { google: { cancel: 'mark' } } },
    'blind mode': blindOptions(),
  };
  const WHEN = ['after a poll', 'between two polls', 'while no process runs', 'while the store is lost'] as const;

  for (const [mode, options] of Object.entries(MODES)) {
    for (const when of WHEN) {
      for (const how of ['null', 'absent'] as const) {
        const cannotKnow = mode === 'blind mode' && when !== 'after a poll';
        if (cannotKnow) continue;
        it(`never shows the name of the earlier customer: ${mode}, reused ${when}, the name is ${how}`, async () => {
          const world = await new World(options).start();
          const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
          world.book(BAY2.resourceUnitId, 31, 'Cleo P.');
          await world.settle(HELD + 3 * POLL);
          expect(only(world.on(BAY1)).title).to.equal('Ana R.');
          world.bookings.user.cancel(id);
          if (when === 'after a poll') await world.settle(HELD + 3 * POLL);
          if (when.startsWith('while')) {
            await world.engine.stop();
            await world.clock.advance(30 * POLL);
          }
          if (when === 'while the store is lost') world.store = new MemoryStore();
          world.bookings.user.reuseId(id, { unit: BAY1.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
          world.bookings.distort = (booking) =>
            booking.appointmentId === id ? { ...booking, customerName: '', missing: { customerName: how } } : booking;
          if (when.startsWith('while')) {
            world.through({ bookings: slowById(world) });
            await world.start();
          }
          await world.settle(HELD + 3 * POLL);
          const shown = only(world.on(BAY1).filter(({ free }) => !free));
          expect(shown).to.include({ title: '', start: world.bookings.user.booking(id)?.start });
          await world.restart();
          await world.engine.hint(id);
          await world.settle();
          expect(only(world.on(BAY1).filter(({ free }) => !free)).title).to.equal('');
          world.bookings.distort = null;
          await world.settle(HELD + 3 * POLL);
          expect(only(world.on(BAY1).filter(({ free }) => !free)).title).to.equal('Ben T.');
          await expectIdle(world);
        });
      }
    }
  }
});

/** A clock that is slow by this time; its timers are correct. */
function slowClock({ clock }: World, ms: number): Clock {
  return { now: () => clock.now() - ms, setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback) };
}

describe('a reused appointment id whose map of the earlier booking returns from a backup', () => {
  for (const [bay, where] of [
    [BAY1, 'in the same bay'],
    [BAY2, 'in another bay'],
  ] as const) {
    for (const slowBy of [0, 5 * SECOND]) {
      it(`keeps its place, although the event of the earlier booking was dragged since: ${where}, slow by ${slowBy} ms`, async () => {
        const data = new MemoryData();
        const world = new World({ studio: { reschedule: 'new-id' }, settings: { google: { cancel: 'mark' } } });
        const [draggedTo, start, other] = [world.hour(40), world.hour(50), world.hour(60)];
        world.store = new MemoryStore({ data });
        world.engine = world.newEngine();
        await world.start();
        const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
        world.book(BAY1.resourceUnitId, 60, 'Cleo P.');
        await world.settle();
        await world.engine.stop();
        const backup = backupOf(data);
        await world.restart();
        world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: draggedTo });
        await world.settle();
        const moved = world.bookings.user.liveBookings().find((booking) => booking.start === draggedTo);
        world.bookings.user.cancel(moved!.id);
        await world.settle();
        await world.engine.stop();
        world.bookings.user.reuseId(id, { unit: bay.resourceUnitId, start, customerName: 'Ben T.' });
        restore(data, backup);
        // The booking is read before the calendars: its event is to be moved as the stored map shows it.
        const listEvents: CalendarSystem['listEvents'] = async (...args) => {
          await new Promise<void>((resolve) => void world.clock.setTimer(10 * SECOND, resolve));
          return world.calendars.listEvents(...args);
        };
        world.engine = world.newEngine({
          calendars: overridden<CalendarSystem>(world.calendars, { listEvents }),
          clock: slowClock(world, slowBy),
        });
        await world.start();
        await world.settle(30 * MINUTE);
        const live = world.bookings.user.liveBookings().map((booking) => [booking.unit, booking.start]);
        expect(live).to.have.deep.members([
          [BAY1.resourceUnitId, other],
          [bay.resourceUnitId, start],
        ]);
        const shown = world.on(bay).find((event) => event.start === start);
        expect(shown).to.include({ title: 'Ben T.', free: false });
        await expectIdle(world);
      });
    }
  }
});

describe('a reused appointment id whose event was inserted before its map was stored', () => {
  it('loses that event if its booking is cancelled meanwhile, and the booking that replaced the first one is, too', async () => {
    const world = await new World({ studio: { reschedule: 'new-id' } }).start();
    const id = world.book(BAY1.resourceUnitId, 30, 'Ana R.');
    world.book(BAY2.resourceUnitId, 31, 'Cleo P.');
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle();
    const moved = world.bookings.user.liveBookings().find(({ customerName }) => customerName === 'Ana R.');
    world.bookings.user.cancel(moved!.id);
    await world.settle();
    await world.engine.stop();
    const killable = new KillableEngine();
    const { bookings, calendars, store } = world;
    world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
    await world.start();
    await world.settle();
    expect(world.on(BAY1)).to.deep.equal([]);
    killable.dieOfNext('insertEvent');
    world.bookings.user.reuseId(id, { unit: BAY2.resourceUnitId, start: world.hour(50), customerName: 'Ben T.' });
    await world.settle();
    expect(killable.dead).to.equal(true);
    world.bookings.user.cancel(id);
    world.engine = world.newEngine({ owner: 'second' });
    await world.start();
    await world.settle(30 * MINUTE);
    expect(only(world.on(BAY2)).title).to.equal('Cleo P.');
    expect(world.on(BAY1)).to.deep.equal([]);
    expect(world.bookings.user.liveBookings().map(({ customerName }) => customerName)).to.deep.equal(['Cleo P.']);
    await expectIdle(world);
  });
});
