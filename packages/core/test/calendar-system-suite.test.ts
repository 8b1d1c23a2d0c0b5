import { calendarSystemSuite, MemoryCalendars, type MemoryCalendarsOptions } from '#src/testing/index.js';
import { expect } from 'chai';
import { collectSuite, firstFailure } from './collect-suite.js';
import { brokenCalendars } from './helpers/broken-calendars.js';
import type { CalendarCapabilities } from '#src/entries/adapters.js';
import { slowly } from './helpers/slowly.js';
import { memoryCalendarsFactory } from './helpers/memory-calendars-harness.js';

/** The calendars without one of their methods. */
function withoutMethod(calendars: MemoryCalendars, missing: string): MemoryCalendars {
  return new Proxy(calendars, {
    get: (target, name): unknown => {
      const member: unknown = name === missing ? undefined : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function verdict(make?: (options: MemoryCalendarsOptions) => MemoryCalendars): Promise<string | null> {
  return firstFailure(collectSuite((runner) => calendarSystemSuite(runner, memoryCalendarsFactory(make))));
}

describe('calendarSystemSuite', () => {
  describe('on correct calendars', () => {
    it('finds no defect', async () => {
      expect(await verdict()).to.equal(null);
    });
  });

  describe('with a user who acts asynchronously over HTTP', () => {
    it('finds no defect', async () => {
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

  describe('on calendars with limited capabilities', () => {
    const CAPABILITIES = ['watch', 'move', 'syncToken', 'tombstones'] as const;
    const plain = { watch: false, move: false, syncToken: false, tombstones: false };
    const found = (supports: Partial<CalendarCapabilities>, claimed = supports): Promise<string | null> => {
      const make = (options: MemoryCalendarsOptions): MemoryCalendars => new MemoryCalendars({ ...options, supports });
      const factory = { ...memoryCalendarsFactory(make), supports: claimed };
      return firstFailure(collectSuite((runner) => calendarSystemSuite(runner, factory)));
    };

    for (const capability of CAPABILITIES) {
      it(`finds no defect if ${capability} is not claimed`, async () => {
        expect(await found({ [capability]: false })).to.equal(null);
      });

      it(`finds a difference between claimed and expected ${capability}`, async () => {
        expect(await found({}, { [capability]: false })).to.match(/supports/);
        expect(await found({ [capability]: false }, {})).to.match(/supports/);
      });
    }

    it('finds no defect if no capability is claimed', async () => {
      expect(await found(plain)).to.equal(null);
    });

    for (const [method, foundBy] of [
      ['moveEvent', /moveEvent is missing, though it is claimed/],
      ['watch', /watch is missing, though it is claimed/],
    ] as const) {
      it(`finds that ${method} is missing although its capability is claimed`, async () => {
        const make = (options: MemoryCalendarsOptions): MemoryCalendars =>
          withoutMethod(new MemoryCalendars(options), method);
        expect(await verdict(make)).to.match(foundBy);
      });
    }

    it('finds calendars that claim sync tokens and return none', async () => {
      class Forgetful extends MemoryCalendars {
        override async listEvents(
          ...args: Parameters<MemoryCalendars['listEvents']>
        ): ReturnType<MemoryCalendars['listEvents']> {
          return (await super.listEvents(...args)).map((page) => ({ ...page, nextSyncToken: null }));
        }
      }
      const make = (options: MemoryCalendarsOptions): MemoryCalendars => new Forgetful(options);
      expect(await verdict(make)).to.match(/sync token/);
    });
  });

  describe('on calendars with a defect', () => {
    for (const { fault, foundBy, make } of brokenCalendars) {
      it(`finds that the system ${fault}`, async () => {
        expect(await verdict(make)).to.match(foundBy);
      });
    }
  });
});
