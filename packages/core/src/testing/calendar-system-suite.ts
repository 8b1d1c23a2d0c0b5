import type { CalendarCapabilities } from '../ports/capabilities.js';
import { CALENDAR_PORT } from '../ports/port-methods.js';
import { capabilityTests } from './calendar-system/capabilities.js';
import { wholePort } from './whole-port.js';
import { accessTests } from './calendar-system/access.js';
import { channelTests } from './calendar-system/channels.js';
import { deleteTests, reviveTests } from './calendar-system/deleting.js';
import type { CalendarSystemFactory, CalendarTest } from './calendar-system/harness.js';
import { fullListTests, incrementalListTests, tokenTests } from './calendar-system/listing.js';
import { settlingTests } from './calendar-system/settling.js';
import { moveTests } from './calendar-system/moving.js';
import { personTests, shapeTests } from './calendar-system/people.js';
import { insertTests, patchTests } from './calendar-system/writing.js';
import type { SuiteRunner } from './suite-runner.js';

const EVERYTHING: CalendarCapabilities = { watch: true, move: true, syncToken: true, tombstones: true };

export type { CalendarAccess, CalendarSystemFactory, CalendarSystemHarness } from './calendar-system/harness.js';

/**
 * The contract of `CalendarSystem` as tests, including the capabilities that `supports` claims. Each test creates its own
 * harness and closes it.
 *
 * @example
 * ```ts
 * calendarSystemSuite({ describe, it }, { create: async () => ({ calendars, calendarIds, person, … }) });
 * ```
 */
export function calendarSystemSuite(runner: SuiteRunner, factory: CalendarSystemFactory): void {
  const it: CalendarTest = (title, body) =>
    runner.it(title, async () => {
      const harness = await factory.create();
      try {
        const calendars = wholePort(harness.calendars, CALENDAR_PORT);
        await body({ ...harness, calendars });
      } finally {
        await harness.close();
      }
    });

  const can: CalendarCapabilities = { ...EVERYTHING, ...factory.supports };
  runner.describe('calendar system', () => {
    runner.describe('its capabilities', () => capabilityTests(it, can));
    runner.describe('inserting', () => insertTests(it, can));
    runner.describe('patching', () => patchTests(it));
    runner.describe('deleting', () => deleteTests(it, can));
    if (can.tombstones) runner.describe('restoring', () => reviveTests(it));
    if (can.move) runner.describe('moving', () => moveTests(it, can));
    runner.describe('edits by users', () => personTests(it));
    runner.describe('shapes', () => shapeTests(it));
    runner.describe('a full list', () => fullListTests(it, can));
    if (can.syncToken) {
      runner.describe('an incremental list', () => incrementalListTests(it));
      runner.describe('sync tokens', () => tokenTests(it, can));
    }
    runner.describe('access', () => accessTests(it, can));
    if (can.watch) runner.describe('watch channels', () => channelTests(it));
    runner.describe('every call', () => settlingTests(it, can));
  });
}
