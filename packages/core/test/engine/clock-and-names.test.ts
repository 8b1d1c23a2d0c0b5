import { expect } from 'chai';
import { DAY, HOUR, MINUTE, SECOND, type BookingSystem, type CalendarSystem, type Clock } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, settingsWith, World } from './world.js';

const startOf = (world: World, id: string): number => world.bookings.user.booking(id)?.start ?? 0;

describe('a clock that was ahead and is corrected', function () {
  this.timeout(60_000);

  for (const ahead of [2 * MINUTE, DAY, 20 * DAY]) {
    it(`leaves no appointment of that time stuck: ahead by ${ahead / MINUTE} minutes`, async () => {
      const world = new World();
      const { clock, calendars, bookings } = world;
      const wrong: Clock = {
        now: () => clock.now() + ahead,
        setTimer: (ms, run) => clock.setTimer(ms, run),
      };
      const ids = [600, 610, 620, 630].map((hour) => world.book(BAY1.resourceUnitId, hour));
      const [dragged = '', moved = '', deleted = '', cancelled = ''] = ids;
      await world.start();
      await world.settle();
      await world.engine.stop();
      world.engine = world.newEngine({ clock: wrong });
      await world.start();
      const touch = async (by: number): Promise<void> => {
        calendars.person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: startOf(world, dragged) + by });
        bookings.user.move(moved, { start: startOf(world, moved) + by });
        await world.settle();
      };
      await touch(HOUR);
      await world.engine.stop();
      world.engine = world.newEngine();
      await world.start();
      await touch(2 * HOUR);
      calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
      bookings.user.cancel(cancelled);
      await world.settle(30 * MINUTE);
      expect(bookings.user.booking(deleted)).to.include({ state: 'canceled' });
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});

describe('a deletion that is listed before the clock is ahead, and is decided while it is ahead', () => {
  for (const ahead of [HOUR, 40 * DAY]) {
    it(`counts when the clock is corrected, also for the next process: ahead by ${ahead / HOUR} hours`, async () => {
      const world = new World();
      const { clock, calendars, bookings } = world;
      const state = { ahead: 0, isSlow: false };
      const wrong: Clock = { now: () => clock.now() + state.ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
      const getEvent: CalendarSystem['getEvent'] = async (...at) => {
        if (state.isSlow) await new Promise<void>((resolve) => void clock.setTimer(5 * SECOND, resolve));
        return calendars.getEvent(...at);
      };
      const id = bookings.user.book({ unit: BAY1.resourceUnitId, start: world.hour(0), customerName: 'Ana R.' });
      world.engine = world.newEngine({ clock: wrong, calendars: overridden<CalendarSystem>(calendars, { getEvent }) });
      await world.start();
      await world.settle(MINUTE);
      state.isSlow = true;
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      void world.engine.syncNow();
      await world.settle(SECOND);
      Object.assign(state, { ahead, isSlow: false });
      await world.settle(MINUTE);
      expect(world.reasons()).to.include('past');
      expect(bookings.user.booking(id)).to.include({ state: 'live' });
      await world.engine.stop();
      world.engine = world.newEngine();
      await world.start();
      await world.settle(5 * MINUTE);
      expect(bookings.user.booking(id)).to.include({ state: 'canceled' });
      await expectInSync(world);
    });
  }
});

describe('a deletion whose grace began while the clock was ahead', () => {
  it('counts within two minutes after the clock of the process is corrected', async () => {
    const world = new World({ settings: { google: { deleteGraceSeconds: 10 } } });
    const { clock, calendars, bookings } = world;
    let ahead = 0;
    const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
    const id = world.book(BAY1.resourceUnitId, 48);
    world.engine = world.newEngine({ clock: wrong });
    await world.start();
    await world.settle();
    ahead = 30 * MINUTE;
    calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
    void world.engine.syncNow();
    await world.settle(5 * SECOND);
    ahead = 0;
    expect(bookings.user.booking(id)).to.include({ state: 'live' });
    await world.settle(2 * MINUTE);
    expect(bookings.user.booking(id)).to.include({ state: 'canceled' });
    await expectIdle(world);
  });
});

describe('a list of the bookings that was requested while the clock was ahead', () => {
  it('does not revert an edit that is carried after the correction of the clock, before the list is answered', async () => {
    const world = new World();
    const { clock, calendars, bookings } = world;
    const state = { ahead: 0, delayMs: 0 };
    const wrong: Clock = { now: () => clock.now() + state.ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
    const listBookings: BookingSystem['listBookings'] = async (period) => {
      const { delayMs } = state;
      const list = await bookings.listBookings(period);
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve));
      return list;
    };
    const id = world.book(BAY1.resourceUnitId, 100);
    world.engine = world.newEngine({ clock: wrong, bookings: overridden<BookingSystem>(bookings, { listBookings }) });
    await world.start();
    await world.settle();
    Object.assign(state, { ahead: HOUR, delayMs: 5 * SECOND });
    void world.engine.syncNow();
    await world.settle(SECOND);
    Object.assign(state, { ahead: 0, delayMs: 0 });
    const writes = calendars.writeCount;
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(120) });
    void world.engine.syncNow();
    await world.settle(2 * SECOND);
    expect(startOf(world, id)).to.equal(world.hour(120));
    await world.settle();
    expect(startOf(world, id)).to.equal(world.hour(120));
    expect(calendars.writeCount).to.equal(writes);
    await expectInSync(world);
  });
});

describe('a bay that was removed from the settings while the clock was ahead', () => {
  for (const who of ['the same process', 'the next process'] as const) {
    it(`does not keep later deletions from counting when the clock is corrected, for ${who}`, async () => {
      const world = new World();
      const { clock, calendars, bookings } = world;
      let ahead = 0;
      const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
      const id = world.book(BAY1.resourceUnitId, 100);
      await world.start();
      await world.settle();
      await world.engine.stop();
      calendars.shareCalendar(BAY2.calendarId, 'none');
      ahead = 40 * DAY;
      const settings = settingsWith({ bays: [BAY1] as never });
      world.engine = world.newEngine({ clock: wrong, settings });
      await world.start();
      await world.settle();
      ahead = 0;
      if (who === 'the next process') {
        await world.engine.stop();
        world.engine = world.newEngine({ settings });
        await world.start();
      }
      await world.settle();
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      await world.settle();
      expect(bookings.user.booking(id)).to.include({ state: 'canceled' });
    });
  }
});

describe('an edit that is made while the clock is ahead by 20 days, so that its visit seems over', () => {
  for (const list of ['the request that lists it', 'a later list'] as const) {
    it(`counts if the clock is corrected during ${list}`, async () => {
      const world = new World();
      const { clock, calendars, bookings } = world;
      let ahead = 0;
      let isCorrected = false;
      const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
      const listEvents: CalendarSystem['listEvents'] = async (calendarId, cursor) => {
        const page = await calendars.listEvents(calendarId, cursor);
        if (isCorrected && calendarId === BAY1.calendarId) ahead = 0;
        return page;
      };
      const id = world.book(BAY1.resourceUnitId, 100);
      const ports = { clock: wrong, calendars: overridden<CalendarSystem>(calendars, { listEvents }) };
      world.engine = world.newEngine(ports);
      await world.start();
      await world.settle();
      ahead = 20 * DAY;
      await world.settle();
      calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      if (list === 'a later list') {
        await world.settle();
        expect(bookings.user.booking(id)).to.include({ state: 'live' });
        const own = { start: world.hour(200), end: world.hour(201), title: 'Own' };
        calendars.person.createEvent(BAY1.calendarId, own);
      }
      isCorrected = true;
      await world.settle(30 * MINUTE);
      expect(ahead).to.equal(0);
      expect(bookings.user.booking(id)).to.include({ state: 'canceled' });
    });
  }

  for (const who of ['the same process', 'the next process'] as const) {
    it(`counts when the clock is corrected, for ${who}`, async () => {
      const world = new World({ settings: { google: { deleteGraceSeconds: 30 } } });
      const { clock, calendars, bookings } = world;
      let ahead = 0;
      const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
      const [dragged = '', deleted = ''] = [100, 104].map((hour) => world.book(BAY1.resourceUnitId, hour));
      world.engine = world.newEngine({ clock: wrong });
      await world.start();
      await world.settle();
      ahead = 20 * DAY;
      calendars.person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: world.hour(120), end: world.hour(121) });
      calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
      await world.settle();
      expect(bookings.user.liveBookings()).to.have.length(2);
      ahead = 0;
      if (who === 'the next process') {
        await world.engine.stop();
        world.engine = world.newEngine();
        await world.start();
      }
      await world.settle();
      expect(bookings.user.booking(deleted)).to.include({ state: 'canceled' });
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});

describe('a leftover of a rebooking that was found while the clock was ahead', () => {
  for (const ahead of [HOUR, 3 * HOUR, 400 * DAY]) {
    it(`is cancelled soon after the clock is corrected: ahead by ${ahead / HOUR} hours`, async () => {
      const world = new World({ settings: { uschedule: { reschedule: 'rebook' } } });
      const { clock, bookings, store } = world;
      let error = 0;
      world.engine = world.newEngine({
        clock: { now: () => clock.now() + error, setTimer: (ms, run) => clock.setTimer(ms, run) },
      });
      await world.start();
      const [original, leftover] = [410 * 24, 410 * 24 + 4].map((hour, index) =>
        world.book(BAY1.resourceUnitId, hour, 'Ana R.', index === 0 ? '' : '[loft:700001]'),
      );
      expect(original).to.equal('700001');
      await world.engine.hint('700001');
      await world.settle(MINUTE);
      error = ahead;
      await world.engine.hint(leftover ?? '');
      await world.settle(MINUTE);
      error = 0;
      expect(bookings.user.booking(leftover ?? '')).to.include({ state: 'live' });
      expect((await store.countTasks(clock.now())).unwrap()).to.include({ waiting: 1 });
      await world.settle(20 * MINUTE);
      expect(bookings.user.liveBookings().map(({ id }) => id)).to.deep.equal([original]);
      await expectIdle(world);
    });
  }
});

describe('an edit war while the clock is ahead', () => {
  it('delays the next revert only until the clock is corrected, not until the time of the wrong clock', async () => {
    const world = new World();
    const { clock, calendars } = world;
    let ahead = 2 * DAY;
    const wrong: Clock = { now: () => clock.now() + ahead, setTimer: (ms, run) => clock.setTimer(ms, run) };
    const id = world.book(BAY1.resourceUnitId, 610);
    world.engine = world.newEngine({ clock: wrong });
    await world.start();
    await world.settle();
    for (let round = 0; round < 30; round++) {
      calendars.person.makeAllDay(BAY1.calendarId, `loft${id}`);
      await world.settle(MINUTE / 2);
    }
    expect(world.on(BAY1).map(({ shape }) => shape)).to.deep.equal(['all-day']);
    ahead = 0;
    await world.settle(15 * MINUTE);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('a bay that is renamed', () => {
  it('causes at most one write for each event', async () => {
    const world = new World();
    for (const hour of [100, 110, 120]) world.book(BAY1.resourceUnitId, hour);
    await world.start();
    await world.settle();
    await world.engine.stop();
    const bays = [{ ...BAY1, bay: 'A', name: 'Bay A' }, BAY2];
    const before = world.calendars.writeCount;
    world.engine = world.newEngine({ settings: settingsWith({ bays }) });
    await world.start();
    await world.settle(HOUR);
    expect(world.calendars.writeCount - before).to.equal(3);
    expect(world.on(BAY1).map(({ marks }) => marks.bay)).to.deep.equal(['A', 'A', 'A']);
    world.events.length = 0;
    await world.settle(2 * HOUR);
    expect(world.calendars.writeCount - before).to.equal(3);
    expect(world.reasons()).to.deep.equal([]);
    expect(world.bookings.writeCount).to.equal(0);
  });

  it('causes one write for an event that was moved with its booking while no process recorded it', async () => {
    const world = new World();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    await world.engine.stop();
    const place = { start: world.hour(110), end: world.hour(111) };
    world.bookings.user.move(id, place);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, place);
    const before = world.calendars.writeCount;
    world.engine = world.newEngine({ settings: settingsWith({ bays: [{ ...BAY1, bay: 'A' }, BAY2] }) });
    await world.start();
    await world.settle(HOUR);
    expect(world.calendars.writeCount - before).to.equal(1);
    expect(world.on(BAY1).map(({ marks, start }) => [marks.bay, start])).to.deep.equal([['A', place.start]]);
    expect(world.bookings.writeCount).to.equal(0);
    await expectInSync(world);
    await expectIdle(world);
  });

  it('loses no edit and no deletion that a user made before the renaming', async () => {
    const world = new World();
    const [deleted, dragged] = [100, 110].map((hour) => world.book(BAY1.resourceUnitId, hour));
    await world.start();
    await world.settle();
    await world.engine.stop();
    const later = world.hour(120);
    world.calendars.person.deleteEvent(BAY1.calendarId, `loft${deleted}`);
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${dragged}`, { start: later });
    world.engine = world.newEngine({ settings: settingsWith({ bays: [{ ...BAY1, bay: 'A', name: 'Bay A' }, BAY2] }) });
    await world.start();
    await world.settle(HOUR);
    expect(world.bookings.user.booking(deleted!)?.state).to.equal('canceled');
    expect(world.bookings.user.booking(dragged!)?.start).to.equal(later);
    expect(world.on(BAY1)).to.have.length(1);
  });
});

describe('an edit war', () => {
  it('slows down: a tool that repeats a refused edit after each revert causes few writes in an hour', async () => {
    const world = new World();
    const { person } = world.calendars;
    world.book(BAY1.resourceUnitId, 110, 'Bo');
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.start();
    await world.settle();
    const fight = (): void => {
      const event = world.on(BAY1).find(({ eventId }) => eventId === `loft${id}`);
      if (event?.start === world.bookings.user.booking(id)?.start) {
        person.dragEvent(BAY1.calendarId, `loft${id}`, { start: startOf(world, id) + 10 * HOUR });
      }
    };
    for (let second = 0; second < 3600; second += 10) {
      fight();
      await world.clock.advance(10_000);
    }
    const restored = world.actions().filter((action) => action.startsWith('restore')).length;
    expect(restored).to.be.within(2, 20);
    expect(world.bookings.writeCount).to.equal(0);
  });
});
