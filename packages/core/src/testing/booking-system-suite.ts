import type { BookingCapabilities } from '../ports/capabilities.js';
import { BOOKING_PORT } from '../ports/port-methods.js';
import { capabilityTests } from './booking-system/capabilities.js';
import { wholePort } from './whole-port.js';
import { availabilityTests } from './booking-system/availability.js';
import type { BookingSystemFactory, HarnessTest } from './booking-system/harness.js';
import { readingTests } from './booking-system/reading.js';
import { settlingTests } from './booking-system/settling.js';
import { bookTests, cancelTests, rescheduleTests } from './booking-system/writing.js';
import type { SuiteRunner } from './suite-runner.js';

export type { BookingSystemFactory, BookingSystemHarness, BookingSystemTraits } from './booking-system/harness.js';

/**
 * The contract of `BookingSystem` as tests, including the capabilities that `supports` claims. Each test creates its own
 * harness and closes it. The user of the harness may be asynchronous, so that the suite can run against a vendor's sandbox.
 *
 * @example
 * ```ts
 * bookingSystemSuite({ describe, it }, { traits: { status: 'trusted', … }, create: async () => … });
 * ```
 */
export function bookingSystemSuite(runner: SuiteRunner, factory: BookingSystemFactory): void {
  const { traits } = factory;
  const can: BookingCapabilities = { reschedule: true, checkouts: true, ...factory.supports };
  const it: HarnessTest = (title, body) =>
    runner.it(title, async () => {
      const harness = await factory.create();
      try {
        await body({ ...harness, bookings: wholePort(harness.bookings, BOOKING_PORT) });
      } finally {
        await harness.close();
      }
    });

  const window = traits.cancellationHours === null ? 'none' : `${traits.cancellationHours} h`;
  const title = `status ${traits.status}, reschedule ${traits.reschedule}, cancellation window ${window}`;
  runner.describe(`booking system (${title})`, () => {
    runner.describe('its capabilities', () => capabilityTests(it, can));
    runner.describe('reading', () => readingTests(it, traits, can));
    runner.describe('availability', () => availabilityTests(it, can));
    runner.describe('cancelling', () => cancelTests(it, traits));
    if (can.reschedule) runner.describe('rescheduling', () => rescheduleTests(it, traits));
    runner.describe('making a new booking', () => bookTests(it));
    runner.describe('every call', () => settlingTests(it, can));
  });
}
