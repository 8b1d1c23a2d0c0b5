import type { BookingCapabilities } from '../../ports/capabilities.js';
import type { Booking } from '../../domain/booking.js';
import { DAY, HOUR, MINUTE } from '../../domain/instant.js';
import { assertEqual, assertErr, assertOk, assertTrue } from '../assert.js';
import { at, type BookingSystemHarness, type BookingSystemTraits, type HarnessTest, wholeWindow } from './harness.js';

async function listedIds(harness: BookingSystemHarness, from: number, to: number): Promise<readonly string[]> {
  const list = assertOk(await harness.bookings.listBookings({ from, to }));
  return list.bookings.map(({ appointmentId }) => appointmentId).toSorted();
}

async function statusIn(harness: BookingSystemHarness, id: string): Promise<readonly (string | undefined)[]> {
  const list = assertOk(await harness.bookings.listBookings(wholeWindow(harness)));
  const listed = list.bookings.find(({ appointmentId }) => appointmentId === id);
  const read = assertOk(await harness.bookings.getBooking(id));
  return [listed?.status, read.status];
}

/** The fields that every record has, without those of only some systems. */
function comparable(booking: Booking | undefined): Partial<Booking> {
  const { missing: _missing, terms: _terms, details: _details, otherText: _otherText, ...rest } = booking ?? {};
  return rest;
}

/** A booking without the fields that its record omits. A user's own record may also lack the customer and its creation time. */
function without(missing: Booking['missing'], booking: Partial<Booking>): Partial<Booking> {
  const names = new Set(Object.keys(missing ?? {}));
  if (names.size > 0) ['customerId', 'createdAt'].forEach((name) => names.add(name));
  return Object.fromEntries(Object.entries(booking).filter(([name]) => !names.has(name)));
}

export function readingTests(it: HarnessTest, traits: BookingSystemTraits, { checkouts }: BookingCapabilities): void {
  const live = traits.status === 'trusted' ? 'live' : 'unknown';
  const dead = traits.status === 'trusted' ? 'dead' : 'unknown';

  it('lists a booking with all its fields', async (harness) => {
    const { bookings, user, units } = harness;
    const start = at(harness, 3, 10);
    const notes = 'Löft "VIP"\nbring \\ clubs 🏌';
    const id = await user.book({ unit: units[1], start, minutes: 90, customerName: 'Ana María', notes });
    const made = await user.booking(id);
    const list = assertOk(await bookings.listBookings(wholeWindow(harness)));
    assertEqual(list.unreadable, [], 'unreadable records');
    const { createdAt, ...booking } = comparable(list.bookings[0]);
    assertEqual<unknown>(
      booking,
      {
        appointmentId: id,
        status: live,
        resourceUnitId: units[1],
        start,
        end: start + 90 * MINUTE,
        customerName: 'Ana María',
        notes,
        customerId: made?.customerId,
      },
      'the listed booking',
    );
    assertEqual(createdAt, made?.createdAt ?? Number.NaN, 'when it was made');
  });

  it('lists nothing when there is nothing', async (harness) => {
    const list = assertOk(await harness.bookings.listBookings(wholeWindow(harness)));
    assertEqual(list, { bookings: [], unreadable: [] }, 'the list');
  });

  it('widens the period to whole local days, up to the day before its end', async (harness) => {
    const { user, units } = harness;
    const dayBefore = await user.book({ unit: units[0], start: at(harness, 2, 0) - HOUR });
    const first = await user.book({ unit: units[0], start: at(harness, 2, 0) });
    const last = await user.book({ unit: units[0], start: at(harness, 5, 0) - HOUR });
    const dayAfter = await user.book({ unit: units[0], start: at(harness, 5, 0) });
    const inside = [first, last].toSorted();
    assertEqual(await listedIds(harness, at(harness, 2, 9), at(harness, 4, 9)), inside, 'from noon to noon');
    assertEqual(await listedIds(harness, at(harness, 2, 0), at(harness, 5, 0)), inside, 'from midnight to midnight');
    assertEqual(await listedIds(harness, at(harness, 5, 7), at(harness, 5, 8)), [dayAfter], 'within a day');
    assertEqual(await listedIds(harness, at(harness, 1, 7), at(harness, 1, 8)), [dayBefore], 'the day before');
  });

  it('reads a listed booking by its id', async (harness) => {
    const { bookings, user, units } = harness;
    const ids: string[] = [];
    for (const day of [0, 1, 2]) {
      ids.push(await user.book({ unit: units[0], start: at(harness, 2 + day, 11), notes: `${day}` }));
    }
    const list = assertOk(await bookings.listBookings(wholeWindow(harness)));
    assertEqual(list.bookings.length, ids.length, 'how many are listed');
    for (const listed of list.bookings) {
      const read = assertOk(await bookings.getBooking(listed.appointmentId));
      const missing = { ...listed.missing, ...read.missing };
      assertEqual(without(missing, comparable(read)), without(missing, comparable(listed)), 'the booking read by id');
    }
  });

  it('returns not-found for an unknown id', async (harness) => {
    assertErr(await harness.bookings.getBooking('123'), 'not-found');
  });

  it('shows changes of users: the time, the unit, the length, the notes', async (harness) => {
    const { bookings, user, units } = harness;
    const first = await user.book({ unit: units[0], start: at(harness, 3, 10), notes: 'before' });
    await user.setNotes(first, 'after');
    assertEqual(assertOk(await bookings.getBooking(first)).notes, 'after', 'the notes');
    const id = await user.move(first, { unit: units[1], start: at(harness, 4, 12), minutes: 30 });
    const { resourceUnitId, start, end, notes } = assertOk(await bookings.getBooking(id));
    assertEqual(
      { resourceUnitId, start, end, notes },
      { resourceUnitId: units[1], start: at(harness, 4, 12), end: at(harness, 4, 12.5), notes: 'after' },
      'the moved booking',
    );
  });

  it(`keeps listing a cancelled booking, as ${dead}`, async (harness) => {
    const { user, units } = harness;
    const id = await user.book({ unit: units[0], start: at(harness, 3, 10) });
    await user.cancel(id);
    assertEqual(await statusIn(harness, id), [dead, dead], 'the status of a cancelled booking');
  });

  if (checkouts)
    it(`shows a checkout as unknown until it is finished, then as ${live}`, async (harness) => {
      const { user, units } = harness;
      const id = await user.beginCheckout({ unit: units[0], start: at(harness, 3, 10) });
      assertEqual(await statusIn(harness, id), ['unknown', 'unknown'], 'the status of a checkout');
      await user.finishCheckout(id);
      assertEqual(await statusIn(harness, id), [live, live], 'the status of a finished checkout');
    });

  if (checkouts)
    it('never shows an abandoned checkout as a live booking', async (harness) => {
      const { user, units, holdMinutes } = harness;
      const left = await user.beginCheckout({ unit: units[0], start: at(harness, 3, 10) });
      await user.abandonCheckout(left);
      const forgotten = await user.beginCheckout({ unit: units[1], start: at(harness, 3, 10) });
      await harness.elapse(holdMinutes * MINUTE + 1);
      for (const id of [left, forgotten]) {
        assertTrue(!(await statusIn(harness, id)).includes('live'), 'an abandoned checkout reads as live');
      }
    });

  it('lists a past booking', async (harness) => {
    const { user, units } = harness;
    const start = at(harness, 0, 12);
    const id = await user.book({ unit: units[0], start });
    await harness.elapse(2 * DAY);
    assertEqual(await listedIds(harness, start, start + HOUR), [id], 'the day of the booking, later');
  });
}
