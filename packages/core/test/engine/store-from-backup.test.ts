import { MemoryData } from '#src/store/memory-data.js';
import { backupOf, restore } from '#src/testing/simulation/store-backup.js';
import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, SECOND, type CalendarSystem, type BookingSystem } from '@loft/sync-core';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { overridden } from './overridden.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

const MODES: Readonly<Record<string, WorldOptions>> = {
  method: {},
  'method with new ids': { studio: { reschedule: 'new-id' } },
  rebook: { settings: { uschedule: { reschedule: 'rebook' } }, studio: { reschedule: 'off' } },
  'rebook, blind': {
    settings: { uschedule: { reschedule: 'rebook', status: 'blind', holdMinutes: 0 } },
    studio: { reschedule: 'off', status: 'blind' },
  },
};

/** Acts since the backup: both sides have them, and the store that is thrown away. */
const SINCE: Readonly<Record<string, (world: World, id: string) => void>> = {
  'events dragged': (world, id) =>
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: startOf(world, id) + 200 * HOUR }),
  'events moved to another bay': (world, id) =>
    world.calendars.person.moveToCalendar(BAY1.calendarId, `loft${id}`, BAY2.calendarId),
  'events deleted': (world, id) => world.calendars.person.deleteEvent(BAY1.calendarId, `loft${id}`),
  'bookings moved': (world, id) => void world.bookings.user.move(id, { start: startOf(world, id) + 200 * HOUR }),
  'bookings cancelled': (world, id) => world.bookings.user.cancel(id),
};

const startOf = (world: World, id: string): number => world.bookings.user.booking(id)?.start ?? 0;

/** Which side the start reads first. */
const FIRST = ['bookings', 'calendars', 'neither'] as const;

/** `made since`: the backup is older than the bookings. */
const VARIANTS = ['once', 'twice', 'tokens expired', 'made since'] as const;

function late(world: World, first: (typeof FIRST)[number]): { calendars: CalendarSystem; bookings: BookingSystem } {
  const { clock, calendars, bookings } = world;
  const later = (): Promise<void> => new Promise((resolve) => clock.setTimer(5000, resolve));
  return {
    calendars: overridden(calendars, {
      listEvents: async (...args) => {
        if (first === 'bookings') await later();
        return calendars.listEvents(...args);
      },
    }),
    bookings: overridden(bookings, {
      listBookings: async (...args) => {
        if (first === 'calendars') await later();
        return bookings.listBookings(...args);
      },
    }),
  };
}

/**
 * Four mirrored bookings in a store whose records can be restored, and a backup from before them. Another booking of the bay
 * is not changed: if all events of a bay are deleted, they are held.
 */
async function mirrored(options?: WorldOptions): Promise<{
  readonly data: MemoryData;
  readonly world: World;
  readonly before: ReturnType<typeof backupOf>;
  readonly ids: readonly string[];
}> {
  const data = new MemoryData();
  const world = new World(options);
  world.store = new MemoryStore({ data });
  world.engine = world.newEngine();
  await world.start();
  const before = backupOf(data);
  const ids = [30, 34, 38, 42].map((hour) => world.book(BAY1.resourceUnitId, hour, `Guest ${hour}`));
  world.book(BAY1.resourceUnitId, 46, 'Guest 46');
  await world.settle();
  return { data, world, before, ids };
}

describe('a store restored from a backup cancels no booking and leaves one event for each', function () {
  this.timeout(300_000);

  for (const [mode, options] of Object.entries(MODES)) {
    for (const [what, act] of Object.entries(SINCE)) {
      for (const first of FIRST) {
        for (const variant of VARIANTS) {
          const twice = variant === 'twice';
          const title = `${what} since (${variant}): ${mode}, ${first} answer first`;
          if (twice && what !== 'events dragged') continue;
          it(title, async () => {
            const { data, world, before, ids } = await mirrored(options);
            await expectInSync(world);
            await world.engine.stop();
            const backup = variant === 'made since' ? before : backupOf(data);
            world.engine = world.newEngine();
            await world.start();
            for (const id of ids) act(world, id);
            await world.settle();
            if (twice) {
              for (const event of world.on(BAY1)) {
                const start = (event.start ?? 0) + 200 * HOUR;
                world.calendars.person.dragEvent(BAY1.calendarId, event.eventId, { start });
              }
              await world.settle();
            }
            await expectInSync(world);
            await world.engine.stop();
            const wanted = world.bookings.user.liveBookings().map(({ unit, start }) => [unit, start]);

            restore(data, backup);
            if (variant === 'tokens expired') world.calendars.expireSyncTokens();
            world.engine = world.newEngine(late(world, first));
            await world.start();
            await world.settle(30 * MINUTE);
            expect(world.bookings.user.liveBookings().map(({ unit, start }) => [unit, start])).to.deep.equal(wanted);
            await expectInSync(world);
            await expectIdle(world);
            await world.engine.stop();
          });
        }
      }
    }
  }
});

describe('a store restored from a backup whose events have other appointments since', () => {
  const LISTS = ['at once', 'after three seconds', 'in full'] as const;

  for (const mode of ['method with new ids', 'rebook'] as const) {
    for (const what of ['events dragged', 'events moved to another bay'] as const) {
      for (const lists of LISTS) {
        for (const isMadeSince of [false, true]) {
          const since = isMadeSince ? 'bookings made since' : 'bookings made before';
          it(`keeps every event and tries no write that must fail: ${what}, ${mode}, ${since}, calendars are listed ${lists}`, async () => {
            const { data, world, before, ids } = await mirrored(MODES[mode]);
            const backup = isMadeSince ? before : backupOf(data);
            for (const id of ids) SINCE[what]?.(world, id);
            await world.settle();
            await expectInSync(world);
            await world.engine.stop();

            restore(data, backup);
            if (lists === 'in full') world.calendars.expireSyncTokens();
            const listEvents: CalendarSystem['listEvents'] = async (...args) => {
              const answer = await world.calendars.listEvents(...args);
              if (lists === 'after three seconds')
                await new Promise<void>((resolve) => void world.clock.setTimer(3 * SECOND, resolve));
              return answer;
            };
            const writes: string[] = [];
            const calendars = overridden<CalendarSystem>(world.calendars, {
              listEvents,
              insertEvent: async (...args) => {
                writes.push(`insert ${args[1]}`);
                return world.calendars.insertEvent(...args);
              },
              deleteEvent: async (...args) => {
                writes.push(`delete ${args[1]}`);
                return world.calendars.deleteEvent(...args);
              },
            });
            world.engine = world.newEngine({ calendars });
            await world.start();
            await world.settle(30 * MINUTE);
            expect(writes).to.deep.equal([]);
            await expectInSync(world);
            await expectIdle(world);
            await world.engine.stop();
          });
        }
      }
    }
  }
});
