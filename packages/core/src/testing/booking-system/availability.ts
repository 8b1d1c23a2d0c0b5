import type { BookingCapabilities } from '../../ports/capabilities.js';
import type { UnitId } from '../../domain/bay.js';
import { DAY, MINUTE } from '../../domain/instant.js';
import { assertOk, assertTrue } from '../assert.js';
import { at, dayAhead, type BookingSystemHarness, type HarnessTest } from './harness.js';

async function isOffered(harness: BookingSystemHarness, unit: UnitId, start: number): Promise<boolean> {
  return assertOk(await harness.bookings.listFreeSlots(unit, start)).includes(start);
}

export function availabilityTests(it: HarnessTest, { checkouts }: BookingCapabilities): void {
  it('offers a slot until it is booked, and again when the booking is cancelled', async (harness) => {
    const { user, units } = harness;
    const start = at(harness, 3, 10);
    assertTrue(await isOffered(harness, units[0], start), 'an empty slot is not offered');
    const id = await user.book({ unit: units[0], start });
    assertTrue(!(await isOffered(harness, units[0], start)), 'a booked slot is offered');
    assertTrue(await isOffered(harness, units[1], start), 'the other unit is not offered');
    await user.cancel(id);
    assertTrue(await isOffered(harness, units[0], start), 'the slot of a cancelled booking is not offered');
  });

  it('does not offer a slot that a booking reaches into', async (harness) => {
    const { user, units, serviceLengthMinutes } = harness;
    const start = at(harness, 3, 10);
    await user.book({ unit: units[0], start });
    const overlapping = start - (serviceLengthMinutes - 15) * MINUTE;
    assertTrue(!(await isOffered(harness, units[0], overlapping)), 'a slot that overlaps a booking is offered');
    const justBefore = start - serviceLengthMinutes * MINUTE;
    assertTrue(await isOffered(harness, units[0], justBefore), 'the slot just before a booking is not offered');
  });

  if (checkouts)
    it('does not offer the slot of a checkout while it is held, and offers it after the hold', async (harness) => {
      const { user, units, holdMinutes } = harness;
      const start = at(harness, 3, 10);
      await user.beginCheckout({ unit: units[0], start });
      assertTrue(!(await isOffered(harness, units[0], start)), 'a held slot is offered');
      await harness.elapse(holdMinutes * MINUTE + 1);
      assertTrue(await isOffered(harness, units[0], start), 'the slot of an abandoned checkout is not offered');
    });

  it('offers slots of the local day of the instant only', async (harness) => {
    const { bookings, units } = harness;
    const from = dayAhead(harness, 3);
    const to = dayAhead(harness, 4);
    for (const instant of [from, to - 1]) {
      const starts = assertOk(await bookings.listFreeSlots(units[0], instant));
      assertTrue(starts.length > 0, 'an empty day offers nothing');
      assertTrue(
        starts.every((start) => start >= from && start < to),
        'a slot of another day is offered',
      );
    }
  });

  it('offers no past slot', async (harness) => {
    const { bookings, units } = harness;
    const yesterday = assertOk(await bookings.listFreeSlots(units[0], harness.now() - DAY));
    const today = assertOk(await bookings.listFreeSlots(units[0], harness.now()));
    assertTrue(
      [...yesterday, ...today].every((start) => start >= harness.now()),
      'a slot of the past is offered',
    );
  });
}
