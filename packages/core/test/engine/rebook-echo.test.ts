import { expect } from 'chai';
import { Err, MINUTE, SECOND, type Booking, type SyncError } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, World } from './world.js';

const UNAVAILABLE: SyncError = { kind: 'transient', system: 'google', method: 'events.patch', message: '503' };

const GARBLED: SyncError = { kind: 'invalid', system: 'uschedule', method: 'getappointment', message: 'no such time' };

/** Rebooks a dragged event; the first stamp of the event fails, and the old booking reads as live for this time. */
async function rebook(
  staleMs: number,
): Promise<{ readonly world: World; readonly id: string; readonly start: number }> {
  const world = new World({
    settings: { uschedule: { reschedule: 'rebook' } },
    studio: { reschedule: 'off', cancellationHours: 24 },
  });
  const { bookings, calendars, clock } = world;
  let alive: Booking | null = null;
  let cancelledAt = Infinity;
  let failures = 0;
  world.through({
    bookings: overridden(bookings, {
      getBooking: async (id) => {
        const read = await bookings.getBooking(id);
        if (alive?.appointmentId !== id || clock.now() >= cancelledAt + staleMs) return read;
        return read.map((booking) => ({ ...booking, status: 'live' as const }));
      },
      cancelBooking: async (id) => {
        const before = (await bookings.getBooking(id)).unwrap();
        const cancelled = await bookings.cancelBooking(id);
        if (cancelled.ok && alive === null) [alive, cancelledAt] = [before, clock.now()];
        return cancelled;
      },
    }),
    calendars: overridden(calendars, {
      patchEvent: async (...args) =>
        alive !== null && failures++ === 0 ? Err(UNAVAILABLE) : calendars.patchEvent(...args),
    }),
  });
  await world.start();
  const id = world.book(BAY1.resourceUnitId, 100);
  await world.settle();
  const start = world.hour(110);
  calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
  await world.settle(20 * MINUTE);
  expect(failures).to.be.greaterThan(0);
  return { world, id, start };
}

describe('a resumed rebooking', function () {
  this.timeout(300_000);

  for (const seconds of [0, 3, 8]) {
    it(`cancels no second booking, although the first reads as live for ${seconds} s after its cancellation`, async () => {
      const { world, id, start } = await rebook(seconds * SECOND);
      const [booking, ...others] = world.bookings.user.liveBookings();
      expect(others).to.deep.equal([]);
      expect(booking).to.include({ start, customerName: 'Ana R.' });
      expect(booking?.id).to.not.equal(id);
      expect(only(world.on(BAY1))).to.include({ eventId: `loft${id}`, start });
      expect(world.bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 0 });
      await expectInSync(world);
      await expectIdle(world);
    });
  }

  it('is completed when the new booking is readable again after an hour', async () => {
    const world = new World({
      settings: { uschedule: { reschedule: 'rebook' } },
      studio: { reschedule: 'off', cancellationHours: 24 },
    });
    const { bookings, calendars } = world;
    let garbled = true;
    let refused = false;
    const port = overridden(bookings, {
      getBooking: async (appointmentId) =>
        garbled && appointmentId !== id ? Err(GARBLED) : bookings.getBooking(appointmentId),
      cancelBooking: async (appointmentId) => {
        if (refused) return bookings.cancelBooking(appointmentId);
        refused = true;
        return Err({ ...UNAVAILABLE, system: 'uschedule' });
      },
    });
    await world.through({ bookings: port }).start();
    const id = world.book(BAY1.resourceUnitId, 100);
    await world.settle();
    const start = world.hour(110);
    calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start });
    await world.settle(60 * MINUTE);
    expect(bookings.user.liveBookings()).to.have.length(2);
    expect(await world.deadLetters()).to.have.length(1);
    garbled = false;
    await world.settle(60 * MINUTE);
    expect(bookings.user.liveBookings().map((booking) => booking.start)).to.deep.equal([start]);
    expect(await world.deadLetters()).to.deep.equal([]);
    await expectInSync(world);
    await expectIdle(world);
  });
});
