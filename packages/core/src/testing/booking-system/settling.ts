import { HOUR } from '../../domain/instant.js';
import type { BookingCapabilities } from '../../ports/capabilities.js';
import { assertAllSettle } from '../settled-calls.js';
import { at, slot, type HarnessTest } from './harness.js';

/** Ids that no booking system has. A restored store or a copied event may contain them. */
const UNUSUAL_IDS = ['', '0', '999999999999', 'none', 'a/b?c=d', 'é😀'];

export function settlingTests(it: HarnessTest, { reschedule }: BookingCapabilities): void {
  it('returns from every call without a throw, for any argument', async (harness) => {
    const { bookings } = harness;
    const start = at(harness, 3, 10);
    const nowhere = slot('no such unit', start);
    await assertAllSettle({
      'listBookings of an empty period': () => bookings.listBookings({ from: start, to: start }),
      'listBookings backwards': () => bookings.listBookings({ from: start, to: start - HOUR }),
      'listFreeSlots of an unknown unit': () => bookings.listFreeSlots('no such unit', start),
      'book on an unknown unit': () => bookings.book({ ...nowhere, customerId: 'none', notes: '' }),
    });
    for (const id of UNUSUAL_IDS) {
      await assertAllSettle({
        [`getBooking of "${id}"`]: () => bookings.getBooking(id),
        [`cancelBooking of "${id}"`]: () => bookings.cancelBooking(id),
        ...(reschedule && {
          [`rescheduleBooking of "${id}"`]: () => bookings.rescheduleBooking(id, nowhere),
        }),
      });
    }
  });
}
