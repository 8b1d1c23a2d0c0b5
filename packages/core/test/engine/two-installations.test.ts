import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, SECOND } from '@loft/sync-core';
import { KillableEngine } from './killable-engine.js';
import { BAY1, BAY2, World, type WorldOptions } from './world.js';

const MODES: Readonly<Record<string, WorldOptions>> = {
  method: {},
  'method with new ids': { studio: { reschedule: 'new-id' } },
  rebook: { settings: { uschedule: { reschedule: 'rebook' } }, studio: { reschedule: 'off' } },
};

interface Edit {
  readonly title: string;
  readonly edit: (world: World, eventId: string) => void;
  /** Bay and hour of the booking afterwards; null if it is cancelled. */
  readonly wanted: (world: World) => { readonly unit: number; readonly start: number } | null;
}

const EDITS: readonly Edit[] = [
  {
    title: 'a drag',
    edit: (world, eventId) => world.calendars.person.dragEvent(BAY1.calendarId, eventId, { start: world.hour(110) }),
    wanted: (world) => ({ unit: 5523, start: world.hour(110) }),
  },
  {
    title: 'a move to another bay',
    edit: (world, eventId) => world.calendars.person.moveToCalendar(BAY1.calendarId, eventId, BAY2.calendarId),
    wanted: (world) => ({ unit: 5524, start: world.hour(100) }),
  },
  {
    title: 'a deletion',
    edit: (world, eventId) => world.calendars.person.deleteEvent(BAY1.calendarId, eventId),
    wanted: () => null,
  },
];

/** One installation is suspended in a call while the other one completes all its tasks. */
async function play(options: WorldOptions, { edit, wanted }: Edit, sleepWith: number, sleeper: 0 | 1) {
  const world = new World(options);
  const now = world.clock.now();
  world.hour = (hours) => now - (now % HOUR) + hours * HOUR;
  const killable = new KillableEngine();
  const engines = [0, 1].map((index) => {
    const ports = { bookings: world.bookings, calendars: world.calendars, store: new MemoryStore() };
    return world.newEngine(index === sleeper ? killable.ports(ports) : ports);
  });
  const id = world.book(5523, 100);
  for (const engine of engines) {
    await engine.start();
    await world.settle(MINUTE);
  }
  await world.settle(12 * MINUTE);
  killable.sleepWith(sleepWith, world.clock, 40 * SECOND);
  edit(world, `loft${id}`);
  for (const engine of engines) void engine.syncNow();
  await world.settle(30 * MINUTE);
  const bookings = world.bookings.user.liveBookings().map(({ unit, start }) => ({ unit, start }));
  const events = [BAY1, BAY2].flatMap((bay) => world.on(bay).map(({ start }) => ({ unit: bay.resourceUnitId, start })));
  for (const engine of engines) await engine.stop();
  const place = wanted(world);
  return {
    wanted: place ? [place] : [],
    bookings,
    events,
    slept: killable.calls.length >= sleepWith,
    calls: killable.calls,
  };
}

describe('two installations with a store each on the same calendars', function () {
  this.timeout(300_000);

  for (const [mode, options] of Object.entries(MODES)) {
    for (const edit of EDITS) {
      for (const sleeper of [0, 1] as const) {
        const which = sleeper === 0 ? 'first' : 'second';
        it(`leave one booking and one event of ${edit.title}, if the ${which} one is suspended at any call: ${mode}`, async () => {
          const wrong: unknown[] = [];
          for (let call = 1; call <= 60; call++) {
            const { wanted, bookings, events, slept, calls } = await play(options, edit, call, sleeper);
            if (!slept) break;
            const isRight = JSON.stringify([bookings, events]) === JSON.stringify([wanted, wanted]);
            if (!isRight) wrong.push({ after: calls.slice(0, call).slice(-4).join(', '), wanted, bookings, events });
          }
          expect(wrong).to.deep.equal([]);
        });
      }
    }
  }
});
