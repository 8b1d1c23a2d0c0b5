import { calendarSystemSuite, type MemoryCalendars, type MemoryCalendarsOptions } from '#src/testing/index.js';
import { expect } from 'chai';
import { collectSuite, firstFailure } from './collect-suite.js';
import { brokenCalendars } from './helpers/broken-calendars.js';
import { slowly } from './helpers/slowly.js';
import { memoryCalendarsFactory } from './helpers/memory-calendars-harness.js';

function verdict(make?: (options: MemoryCalendarsOptions) => MemoryCalendars): Promise<string | null> {
  return firstFailure(collectSuite((runner) => calendarSystemSuite(runner, memoryCalendarsFactory(make))));
}

describe('calendarSystemSuite', () => {
  describe('on sound calendars', () => {
    it('finds nothing', async () => {
      expect(await verdict()).to.equal(null);
    });
  });

  describe('with a person who acts over HTTP, by promises', () => {
    it('finds nothing', async () => {
      const factory = memoryCalendarsFactory();
      const overHttp = {
        create: async () => {
          const harness = await factory.create();
          return { ...harness, person: slowly(harness.person) };
        },
      };
      expect(await firstFailure(collectSuite((runner) => calendarSystemSuite(runner, overHttp)))).to.equal(null);
    });
  });

  describe('on calendars of which', () => {
    for (const { fault, foundBy, make } of brokenCalendars) {
      it(`one ${fault}, finds it`, async () => {
        expect(await verdict(make)).to.match(foundBy);
      });
    }
  });
});
