import { expect } from 'chai';
import { SECOND, type BookingSystem } from '@loft/sync-core';
import { overridden } from './overridden.js';
import { BAY1, BAY2, only, World } from './world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';

const FOREIGN_UNIT = 5999;

describe('an event that a user restores from the trash while its booking returns on another bay', function () {
  this.timeout(300_000);

  it('moves there, and stays the only one', async () => {
    const world = new World({ studio: { units: [BAY1.resourceUnitId, BAY2.resourceUnitId, FOREIGN_UNIT] } });
    await world.start();
    const id = world.book(BAY2.resourceUnitId, 100);
    await world.settle();
    world.bookings.user.move(id, { unit: FOREIGN_UNIT });
    await world.settle();
    expect(world.on(BAY2)).to.deep.equal([]);
    // There is no notification before the booking is observed.
    world.calendars.onNotification = () => {};
    world.calendars.person.undelete(BAY2.calendarId, `loft${id}`);
    world.bookings.user.move(id, { unit: BAY1.resourceUnitId });
    await world.engine.hint(id);
    await world.settle();
    expect(world.on(BAY2)).to.deep.equal([]);
    expect(only(world.on(BAY1)).eventId).to.equal(`loft${id}`);
    await expectInSync(world);
    await expectIdle(world);
  });
});

describe('an event that a user restores from the trash while its booking is being cancelled', function () {
  this.timeout(300_000);

  const cases = [
    { method: 'cancelBooking', title: 'is cancelled with it if the cancellation was already sent', state: 'canceled' },
    { method: 'getBooking', title: 'stays with its booking if the cancellation was not sent yet', state: 'live' },
  ] as const;
  for (const { method, title, state } of cases) {
    it(title, async () => {
      const world = new World();
      const slow = overridden<BookingSystem>(world.bookings, {
        [method]: async (id: string) => {
          await new Promise<void>((resolve) => void world.clock.setTimer(10 * SECOND, resolve));
          return world.bookings[method](id);
        },
      });
      await world.through({ bookings: slow }).start();
      const id = world.book(BAY1.resourceUnitId, 100);
      await world.settle();
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      void world.engine.syncNow();
      await world.settle(3 * SECOND);
      world.calendars.person.undelete(BAY1.calendarId, `loft${id}`);
      if (state === 'canceled') void world.engine.syncNow();
      await world.settle();
      expect(world.bookings.user.booking(id)).to.include({ state });
      expect(world.on(BAY1)).to.have.length(state === 'live' ? 1 : 0);
    });
  }
});

describe('an old version of an event that a user restores from the trash of its previous bay', function () {
  this.timeout(300_000);

  for (const reschedule of ['method', 'rebook'] as const) {
    it(`moves its booking there, and its old text follows the booking (${reschedule})`, async () => {
      const world = new World({ settings: { uschedule: { reschedule }, google: { deleteGraceSeconds: 30 } } });
      await world.start();
      const id = world.book(BAY2.resourceUnitId, 100, 'Ana R.', 'two players');
      await world.settle();
      world.calendars.person.moveToCalendar(BAY2.calendarId, `loft${id}`, BAY1.calendarId);
      await world.settle();
      const moved = world.bookings.user.liveBookings()[0]!;
      expect(moved.unit).to.equal(BAY1.resourceUnitId);
      world.bookings.user.setNotes(moved.id, moved.notes.replace('two', 'four'));
      await world.settle();
      expect(only(world.on(BAY1)).description).to.equal('four players');
      world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`);
      world.calendars.person.undelete(BAY2.calendarId, `loft${id}`);
      await world.settle();
      expect(world.bookings.user.liveBookings()[0]!.unit).to.equal(BAY2.resourceUnitId);
      expect(only(world.on(BAY2)).description).to.equal('four players');
      await expectInSync(world);
      await expectIdle(world);
    });
  }
});
