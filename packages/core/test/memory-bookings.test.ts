import { expect } from 'chai';
import { HOUR, intlTimeZones, MINUTE } from '#src/index.js';
import { startOfDay } from '#src/entries/adapters.js';
import { bookingSystemSuite, MemoryBookings, VirtualClock } from '#src/testing/index.js';
import { memoryBookingsFactory, TRUSTED } from './helpers/memory-bookings-harness.js';

bookingSystemSuite({ describe, it }, memoryBookingsFactory(TRUSTED));
bookingSystemSuite(
  { describe, it },
  memoryBookingsFactory({ ...TRUSTED, reschedule: 'new-id', cancellationHours: 24 }),
);
bookingSystemSuite({ describe, it }, memoryBookingsFactory({ ...TRUSTED, status: 'blind', reschedule: 'off' }));

function open(): { clock: VirtualClock; bookings: MemoryBookings; start: number } {
  const clock = new VirtualClock();
  const bookings = new MemoryBookings({ clock });
  return { clock, bookings, start: startOfDay(clock.now(), 'America/Phoenix', intlTimeZones(), 2) + 10 * HOUR };
}

describe('MemoryBookings', () => {
  it('counts successful writes, and no refused ones', async () => {
    const { bookings, start } = open();
    const request = { resourceUnitId: 5523, start, end: start + HOUR, customerId: null, notes: '' };
    const id = (await bookings.book(request)).unwrap();
    await bookings.book(request);
    await bookings.rescheduleBooking(id, { ...request, resourceUnitId: 5524 });
    await bookings.cancelBooking(id);
    await bookings.cancelBooking(id);
    expect(bookings.writes).to.deep.equal({ booked: 1, cancelled: 1, rescheduled: 1 });
    expect(bookings.writeCount).to.equal(3);
  });

  it('shows a taken slot as free while its availability flickers, and is correct afterwards', async () => {
    const { bookings, start } = open();
    bookings.user.book({ unit: 5523, start });
    bookings.flickerAvailability();
    expect((await bookings.listFreeSlots(5523, start)).unwrap()).to.include(start);
    expect((await bookings.listFreeSlots(5523, start)).unwrap()).not.to.include(start);
  });

  it('lets users cancel and move where the API may not', () => {
    const clock = new VirtualClock();
    const { user } = new MemoryBookings({ clock, cancellationHours: 24, reschedule: 'off' });
    const start = clock.now() + HOUR;
    const id = user.book({ unit: 5523, start });
    expect(user.move(id, { start: start + HOUR })).to.equal(id);
    user.cancel(id);
    expect(user.booking(id)).to.include({ state: 'canceled', start: start + HOUR });
  });

  it('holds one live booking at a time on a unit, and refuses a second one of a user', () => {
    const { bookings, start } = open();
    bookings.user.book({ unit: 5523, start });
    const over = { unit: 5523, start: start + 30 * MINUTE };
    expect(() => bookings.user.book(over)).to.throw('no longer available');
    expect(() => bookings.user.beginCheckout(over)).to.throw('no longer available');
    expect(bookings.user.book({ unit: 5523, start: start + HOUR })).to.be.a('string');
  });

  it('gives a customer the same id in all bookings', () => {
    const { bookings, start } = open();
    const [one, two, other] = ['Dora', 'Dora', 'Emil'].map((customerName, hour) =>
      bookings.user.booking(bookings.user.book({ unit: 5523, start: start + hour * HOUR, customerName })),
    );
    expect(one?.customerId).to.equal(two?.customerId).and.not.to.equal(other?.customerId);
  });
});
