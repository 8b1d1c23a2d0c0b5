import { expect } from 'chai';
import { Err, MINUTE, type SyncError } from '@loft/sync-core';
import { blindOptions, HELD } from './blind-world.js';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, only, World, type WorldOptions } from './world.js';

const TIMEOUT: SyncError = { kind: 'transient', system: 'uschedule', method: 'reschedule', message: 'timeout' };

interface Raced {
  readonly world: World;
  readonly id: string;
  /** The booking that another customer made in the slot. */
  readonly rival: string;
  readonly from: number;
}

/**
 * An event is dragged, and the request that is to move its booking never arrives. In that moment the slot is booked by
 * another customer, and `meanwhile` happens.
 */
async function race(
  options: WorldOptions,
  customerName: string,
  meanwhile: (world: World, id: string) => void = () => {},
): Promise<Raced> {
  const world = new World(options);
  const { bookings, calendars } = world;
  let rival = '';
  world.through({
    bookings: overridden(bookings, {
      rescheduleBooking: async (id, to) => {
        if (rival !== '') return bookings.rescheduleBooking(id, to);
        rival = bookings.user.book({ unit: to.resourceUnitId, start: to.start, customerName });
        meanwhile(world, id);
        return Err(TIMEOUT);
      },
    }),
  });
  await world.start();
  const id = world.book(BAY1.resourceUnitId, 100);
  const from = world.hour(100);
  await world.settle(2 * HELD);
  calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(110) });
  await world.settle(60 * MINUTE);
  expect(rival).to.not.equal('');
  return { world, id, rival, from };
}

describe('a dragged event whose slot was booked before its reschedule', function () {
  this.timeout(300_000);

  for (const reschedule of ['same-id', 'new-id'] as const) {
    it(`is reverted, and the slot stays with the faster customer (${reschedule})`, async () => {
      const { world, id, rival, from } = await race({ studio: { reschedule } }, 'Ben S.');
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: from });
      expect(world.bookings.user.booking(rival)).to.include({ state: 'live', customerName: 'Ben S.' });
      expect(only(world.on(BAY1).filter((event) => event.marks.appointmentId === id)).start).to.equal(from);
      await expectInSync(world);
      await expectIdle(world);
    });

    it(`is reverted also if the same customer made the new booking (${reschedule})`, async () => {
      const { world, id, from } = await race({ studio: { reschedule } }, 'Ana R.');
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: from });
      expect(world.bookings.user.liveBookings()).to.have.length(2);
      await expectInSync(world);
    });

    it(`is reverted also if the status is hidden (${reschedule})`, async () => {
      const { world, id, from } = await race(blindOptions({}, { reschedule }), 'Ben S.');
      expect(world.bookings.user.booking(id)).to.include({ state: 'live', start: from });
      expect(world.bookings.user.liveBookings()).to.have.length(2);
      await expectInSync(world);
    });
  }

  it('is cancelled with its booking, and not transferred to the booking on the slot', async () => {
    const cancel = (world: World, id: string): void => world.bookings.user.cancel(id);
    const { world, id, rival } = await race({ studio: { reschedule: 'new-id' } }, 'Ben S.', cancel);
    expect(world.bookings.user.liveBookings().map((booking) => booking.id)).to.deep.equal([rival]);
    expect(only(world.on(BAY1))).to.include({ eventId: `loft${rival}`, title: 'Ben S.' });
    expect((await world.store.getMap(id)).unwrap()).to.include({ status: 'CANCELED', supersededBy: null });
    await expectInSync(world);
  });
});
