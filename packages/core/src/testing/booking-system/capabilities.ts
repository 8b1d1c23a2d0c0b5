import { claims, type BookingCapabilities } from '../../ports/capabilities.js';
import { assertEqual } from '../assert.js';
import type { HarnessTest } from './harness.js';

export function capabilityTests(it: HarnessTest, can: BookingCapabilities): void {
  it('claims the tested capabilities, and no others', async ({ bookings }) => {
    const claimed = (capability: keyof BookingCapabilities): boolean =>
      claims<BookingCapabilities>(bookings, capability);
    assertEqual({ reschedule: claimed('reschedule'), checkouts: claimed('checkouts') }, { ...can }, 'its `supports`');
  });
}
