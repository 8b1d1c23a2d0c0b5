import { expect } from 'chai';
import { Err, HOUR, MINUTE, SECOND, type Bay, type BookingSystem, type CalendarSystem } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { BAY1, BAY2, World } from './world.js';

/** Bay and hour of a visit, in the studio's terms; null if it does not exist. */
type Place = { readonly unit: number; readonly start: number } | null;

interface Act {
  readonly title: string;
  readonly isNew?: true;
  readonly act: (world: World, id: string) => string | void;
}

const NEW_BOOKING: Act = { title: 'a new booking', isNew: true, act: (world) => world.book(5523, 100) };

const ACTS: readonly Act[] = [
  NEW_BOOKING,
  { title: 'a booking moved', act: (world, id) => void world.bookings.user.move(id, { start: world.hour(110) }) },
  { title: 'a booking moved to another bay', act: (world, id) => void world.bookings.user.move(id, { unit: 5524 }) },
  {
    title: 'a booking moved to another bay and time',
    act: (world, id) => void world.bookings.user.move(id, { unit: 5524, start: world.hour(110) }),
  },
];

interface Edit {
  readonly title: string;
  readonly edit: (world: World, at: Bay, eventId: string) => Place;
}

const other = (bay: Bay): Bay => (bay === BAY1 ? BAY2 : BAY1);

const EDITS: readonly Edit[] = [
  {
    title: 'the event dragged',
    edit: (world, { calendarId, resourceUnitId }, eventId) => {
      world.calendars.person.dragEvent(calendarId, eventId, { start: world.hour(130) });
      return { unit: Number(resourceUnitId), start: world.hour(130) };
    },
  },
  {
    title: 'the event dragged to where it was before',
    edit: (world, { calendarId, resourceUnitId }, eventId) => {
      world.calendars.person.dragEvent(calendarId, eventId, { start: world.hour(100) });
      return { unit: Number(resourceUnitId), start: world.hour(100) };
    },
  },
  {
    title: 'the event moved to another bay',
    edit: (world, bay, eventId) => {
      const start = world.calendars.events(bay.calendarId)[0]?.start ?? 0;
      world.calendars.person.moveToCalendar(bay.calendarId, eventId, other(bay).calendarId);
      return { unit: Number(other(bay).resourceUnitId), start };
    },
  },
  {
    title: 'the event dragged and moved to another bay',
    edit: (world, bay, eventId) => {
      world.calendars.person.dragEvent(bay.calendarId, eventId, { start: world.hour(130) });
      world.calendars.person.moveToCalendar(bay.calendarId, eventId, other(bay).calendarId);
      return { unit: Number(other(bay).resourceUnitId), start: world.hour(130) };
    },
  },
  {
    title: 'the event deleted',
    edit: (world, { calendarId }, eventId) => {
      world.calendars.person.deleteEvent(calendarId, eventId);
      return null;
    },
  },
];

/** The bay whose calendar shows the current booking. */
function shownOn(world: World, id: string): Bay | null {
  const booking = world.bookings.user.booking(id);
  const bay = [BAY1, BAY2].find(({ resourceUnitId }) => resourceUnitId === booking?.unit);
  return bay && world.on(bay).some((event) => event.start === booking?.start) ? bay : null;
}

/** An engine dies in that call after the act; the user edits the event; another engine takes over. */
/** @param listsAfter how long the second engine waits for its first lists */
async function play({ isNew, act }: Act, { edit }: Edit, dieOf: number, listsAfter = 0) {
  const world = new World({ tombstones: 'full' });
  const now = world.clock.now();
  world.hour = (hours) => now - (now % HOUR) + hours * HOUR;
  const killable = new KillableEngine();
  const { bookings, calendars, store } = world;
  world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
  await world.start();
  const before = isNew ? '' : world.book(5523, 100);
  await world.settle(11 * MINUTE);
  killable.dieOf(dieOf);
  const id = act(world, before) ?? before;
  void world.engine.syncNow();
  await world.settle(20 * SECOND);
  const bay = killable.dead ? shownOn(world, id) : null;
  const wanted = bay && edit(world, bay, `loft${id}`);
  const late = overridden<CalendarSystem>(calendars, {
    listEvents: async (...args) => {
      await new Promise<void>((resolve) => void world.clock.setTimer(listsAfter, resolve));
      return calendars.listEvents(...args);
    },
  });
  world.engine = world.newEngine({ owner: 'second', ...(listsAfter > 0 ? { calendars: late } : {}) });
  await world.start();
  await world.settle(12 * MINUTE);
  return { world, id, isDead: killable.dead, isShown: bay !== null, wanted, calls: killable.calls };
}

describe('an edit of an event after our write, whose record was lost in a crash', function () {
  this.timeout(300_000);

  for (const edit of EDITS) {
    it(`is carried before the calendar is listed: a new booking, then ${edit.title}`, async () => {
      let shown = 0;
      for (let call = 1; ; call++) {
        const { world, id, isDead, isShown, wanted, calls } = await play(NEW_BOOKING, edit, call, 20 * SECOND);
        if (!isDead) break;
        if (!isShown) continue;
        shown++;
        const booking = world.bookings.user.booking(id);
        const place = booking?.state === 'live' ? { unit: booking.unit, start: booking.start } : null;
        expect(place, `after ${calls.slice(0, call).slice(-3).join(', ')}`).to.deep.equal(wanted);
        await expectInSync(world, `after call ${call}`);
      }
      expect(shown).to.be.greaterThan(1);
    });
  }

  for (const act of ACTS) {
    for (const edit of EDITS) {
      it(`is carried: ${act.title}, then ${edit.title}`, async () => {
        let shown = 0;
        for (let call = 1; ; call++) {
          const { world, id, isDead, isShown, wanted, calls } = await play(act, edit, call);
          if (!isDead) break;
          if (!isShown) continue;
          shown++;
          const what = `after ${calls.slice(0, call).slice(-3).join(', ')}`;
          const booking = world.bookings.user.booking(id);
          const place = booking?.state === 'live' ? { unit: booking.unit, start: booking.start } : null;
          expect(place, what).to.deep.equal(wanted);
          await expectInSync(world, what);
          await expectIdle(world, what);
        }
        expect(shown).to.be.greaterThan(1);
      });
    }
  }
});

describe('an event that was moved back after our move, whose record a crash lost', () => {
  it('moves its booking back, although the first attempt fails', async () => {
    const world = new World({ tombstones: 'full' });
    const { bookings, calendars, store } = world;
    const killable = new KillableEngine();
    world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    killable.dieOfNext('moveEvent');
    bookings.user.move(id, { unit: BAY2.resourceUnitId });
    void world.engine.syncNow();
    await world.settle(20 * SECOND);
    expect(killable.dead).to.equal(true);
    calendars.person.moveToCalendar(BAY2.calendarId, `loft${id}`, BAY1.calendarId);
    let attempts = 0;
    const failing = overridden<BookingSystem>(bookings, {
      rescheduleBooking: async (...args) => {
        if (attempts++ > 0) return bookings.rescheduleBooking(...args);
        return Err({ kind: 'transient', system: 'uschedule', method: 'rescheduleBooking', message: 'it fails' });
      },
    });
    world.engine = world.newEngine({ owner: 'second', bookings: failing });
    await world.start();
    await world.settle(30 * MINUTE);
    expect(attempts).to.equal(2);
    expect(bookings.user.booking(id)).to.include({ state: 'live', unit: BAY1.resourceUnitId });
    await expectInSync(world);
    await expectIdle(world);
  });
});
