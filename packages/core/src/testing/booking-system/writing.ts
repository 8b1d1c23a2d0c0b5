import { HOUR, MINUTE } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { at, type BookingSystemTraits, type HarnessTest, slot } from './harness.js';

export function cancelTests(it: HarnessTest, traits: BookingSystemTraits): void {
  const { cancellationHours } = traits;

  it('cancels that booking and no other', async (harness) => {
    const { bookings, user, units } = harness;
    const start = at(harness, 3, 10);
    const [one, two] = [await user.book({ unit: units[0], start }), await user.book({ unit: units[1], start })];
    assertOk(await bookings.cancelBooking(two));
    assertEqual((await user.booking(two))?.state, 'canceled', 'the cancelled booking');
    assertEqual((await user.booking(one))?.state, 'live', 'the other booking');
  });

  it('refuses with a reason when the booking is cancelled already', async (harness) => {
    const { bookings, user, units } = harness;
    const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
    assertOk(await bookings.cancelBooking(id));
    const error = assertErr(await bookings.cancelBooking(id), 'refused');
    assertTrue(error.reason !== undefined && error.reason !== '', 'a refusal without a reason');
  });

  it('fails for an unknown id', async ({ bookings }) => {
    const result = await bookings.cancelBooking('123');
    assertTrue(!result.ok && ['not-found', 'refused'].includes(result.val.kind), 'an unknown booking was cancelled');
  });

  if (cancellationHours === null) return;
  it('refuses with a reason inside the cancellation window, and the booking stays live', async (harness) => {
    const { bookings, user, units } = harness;
    const quarter = 15 * MINUTE;
    const start = Math.ceil((harness.now() + cancellationHours * HOUR) / quarter) * quarter;
    const inside = await user.book({ unit: units[0], start: start - quarter });
    const outside = await user.book({ unit: units[1], start: start + quarter });
    const error = assertErr(await bookings.cancelBooking(inside), 'refused');
    assertTrue(error.reason !== undefined && error.reason !== '', 'a refusal without a reason');
    assertEqual((await user.booking(inside))?.state, 'live', 'the booking inside the window');
    assertOk(await bookings.cancelBooking(outside));
  });
}

export function rescheduleTests(it: HarnessTest, traits: BookingSystemTraits): void {
  if (traits.reschedule === 'off') {
    it('refuses to move a booking, which stays unchanged', async (harness) => {
      const { bookings, user, units } = harness;
      const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
      const before = await user.bookings();
      assertErr(await bookings.rescheduleBooking(id, slot(units[1], at(harness, 4, 12))), 'refused');
      assertEqual(await user.bookings(), before, 'the bookings');
    });
    return;
  }
  const keepsId = traits.reschedule === 'same-id';

  it('moves a booking to another time, unit and length, and returns its id after that', async (harness) => {
    const { bookings, user, units } = harness;
    const id = await user.book({
      unit: units[0],
      start: at(harness, 3, 10),
      customerName: 'Ben',
      notes: 'left-handed',
    });
    const old = await user.booking(id);
    const to = slot(units[1], at(harness, 4, 12.25), 1.5);
    const newId = assertOk(await bookings.rescheduleBooking(id, to));
    assertEqual(newId === id, keepsId, 'the id stays');
    assertEqual(
      (await user.liveBookings()).map((booking) => booking.id),
      [newId],
      'the live bookings',
    );
    const { resourceUnitId, start, end, customerName, customerId, notes } = assertOk(await bookings.getBooking(newId));
    assertEqual<unknown>(
      { resourceUnitId, start, end, customerName, customerId, notes },
      { ...to, customerName: 'Ben', customerId: old?.customerId, notes: 'left-handed' },
      'the moved booking',
    );
    if (keepsId) return;
    const { status, start: oldStart } = assertOk(await bookings.getBooking(id));
    assertEqual(oldStart, at(harness, 3, 10), 'the start of the old record');
    assertEqual(status, traits.status === 'trusted' ? 'dead' : 'unknown', 'the status of the old record');
  });

  it('moves a booking by less than its own length', async (harness) => {
    const { bookings, user, units } = harness;
    const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
    const newId = assertOk(await bookings.rescheduleBooking(id, slot(units[0], at(harness, 3, 10.5))));
    assertEqual((await user.booking(newId))?.start, at(harness, 3, 10.5), 'the new start');
  });

  it('refuses with a reason when the slot is taken, and nothing changes', async (harness) => {
    const { bookings, user, units } = harness;
    await user.book({ unit: units[1], start: at(harness, 3, 12) });
    const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
    const before = await user.bookings();
    const error = assertErr(await bookings.rescheduleBooking(id, slot(units[1], at(harness, 3, 11.5))), 'refused');
    assertTrue(error.reason !== undefined && error.reason !== '', 'a refusal without a reason');
    assertEqual(await user.bookings(), before, 'the bookings');
  });

  it('does not move a dead booking', async (harness) => {
    const { bookings, user, units } = harness;
    const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
    await user.cancel(id);
    assertErr(await bookings.rescheduleBooking(id, slot(units[0], at(harness, 4, 10))), 'refused');
    assertEqual(await user.liveBookings(), [], 'the live bookings');
  });
}

export function bookTests(it: HarnessTest): void {
  it('makes a new booking with the requested fields', async (harness) => {
    const { bookings, user, units } = harness;
    const earlier = await user.book({ unit: units[0], start: at(harness, 3, 10), customerName: 'Cleo' });
    const customerId = (await user.booking(earlier))?.customerId ?? null;
    const wanted = slot(units[0], at(harness, 3, 14.75), 2);
    const id = assertOk(await bookings.book({ ...wanted, customerId, notes: 'again\n[moved from 17]' }));
    assertTrue(id !== earlier, 'the new booking has the id of another one');
    const { resourceUnitId, start, end, notes } = assertOk(await bookings.getBooking(id));
    // A record that is read by its id may lack the name.
    const list = assertOk(await bookings.listBookings({ from: wanted.start, to: wanted.end }));
    const customerName = list.bookings.find(({ appointmentId }) => appointmentId === id)?.customerName;
    assertEqual<unknown>(
      { resourceUnitId, start, end, notes, customerName },
      { ...wanted, notes: 'again\n[moved from 17]', customerName: 'Cleo' },
      'the new booking',
    );
    assertEqual((await user.liveBookings()).length, 2, 'how many are live');
  });

  it('books without a customer', async (harness) => {
    const { bookings, user, units } = harness;
    const wanted = slot(units[1], at(harness, 3, 9));
    const id = assertOk(await bookings.book({ ...wanted, customerId: null, notes: '' }));
    assertEqual((await user.booking(id))?.state, 'live', 'the new booking');
  });

  it('refuses with a reason when the slot is taken, and makes nothing', async (harness) => {
    const { bookings, user, units } = harness;
    await user.book({ unit: units[0], start: at(harness, 3, 10) });
    const wanted = slot(units[0], at(harness, 3, 10.5));
    const error = assertErr(await bookings.book({ ...wanted, customerId: null, notes: '' }), 'refused');
    assertTrue(error.reason !== undefined && error.reason !== '', 'a refusal without a reason');
    assertEqual((await user.bookings()).length, 1, 'how many records there are');
  });
}
