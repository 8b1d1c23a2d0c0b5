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

export type { CalendarAccess, CalendarSystemFactory, CalendarSystemHarness } from './calendar-system/harness.js';

/**
 * What every `CalendarSystem` must do, whatever is behind it. Each test makes its own harness and closes it.
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
        await body(harness);
      } finally {
        await harness.close();
      }
    });

  runner.describe('calendar system', () => {
    runner.describe('inserting', () => insertTests(it));
    runner.describe('patching', () => patchTests(it));
    runner.describe('deleting', () => deleteTests(it));
    runner.describe('bringing back', () => reviveTests(it));
    runner.describe('moving', () => moveTests(it));
    runner.describe('what people do', () => personTests(it));
    runner.describe('shapes', () => shapeTests(it));
    runner.describe('a full list', () => fullListTests(it));
    runner.describe('an incremental list', () => incrementalListTests(it));
    runner.describe('sync tokens', () => tokenTests(it));
    runner.describe('access', () => accessTests(it));
    runner.describe('watch channels', () => channelTests(it));
    runner.describe('every call', () => settlingTests(it));
  });
}
