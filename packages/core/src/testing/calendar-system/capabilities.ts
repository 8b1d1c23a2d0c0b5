import { claims, type CalendarCapabilities } from '../../ports/capabilities.js';
import { assertEqual, assertTrue } from '../assert.js';
import type { CalendarTest } from './harness.js';

export function capabilityTests(it: CalendarTest, can: CalendarCapabilities): void {
  it('claims the tested capabilities, and no others', async ({ calendars }) => {
    const claimed = (capability: keyof CalendarCapabilities): boolean =>
      claims<CalendarCapabilities>(calendars, capability);
    const supported = {
      watch: claimed('watch'),
      move: claimed('move'),
      syncToken: claimed('syncToken'),
      tombstones: claimed('tombstones'),
    };
    assertEqual(supported, { ...can }, 'its `supports`');
  });

  if (!can.syncToken) {
    it('returns no sync token if it claims none', async ({ calendars, calendarIds }) => {
      const page = await calendars.listEvents(calendarIds[0], { syncToken: null, pageToken: null });
      assertTrue(page.ok && page.val.nextSyncToken === null, 'a list carries a sync token');
    });
  }
}
