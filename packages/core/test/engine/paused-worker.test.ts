import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, SECOND, type BookingEventMap } from '@loft/sync-core';
import type { ClaimedTask } from '@loft/sync-core/store';
import { expectIdle, expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import { overridden } from './overridden.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { BAY1, World } from './world.js';

/** Longer than a lease. */
const PAUSE_MS = 45 * SECOND;

interface Run {
  readonly world: World;
  readonly id: string;
  readonly calls: readonly string[];
  /** Writes to either side since the act. */
  readonly writes: number;
}

/** Plays a scenario. The engine is suspended in that call after the act, another engine continues, then it is resumed. */
async function play({ before, act, options }: Scenario, sleepWith: number | null): Promise<Run> {
  const world = new World(options);
  world.store = new MemoryStore({ shared: true });
  const now = world.clock.now();
  world.hour = (hours) => now - (now % HOUR) + hours * HOUR;
  const killable = new KillableEngine();
  const { bookings, calendars, store, clock } = world;
  world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
  await world.start();
  const id = before?.(world) ?? '';
  await world.settle(3 * MINUTE);
  await expectInSync(world);
  const writesBefore = calendars.writeCount + bookings.writeCount;

  killable.sleepWith(sleepWith ?? Infinity, clock, PAUSE_MS);
  act(world, id);
  void world.engine.syncNow();
  await world.settle(sleepWith === null ? 500 : 10 * SECOND);
  const calls = killable.calls;
  if (sleepWith !== null) {
    await world.newEngine({ owner: 'second' }).start();
    await world.settle(PAUSE_MS + MINUTE);
  }
  return { world, id, calls, writes: calendars.writeCount + bookings.writeCount - writesBefore };
}

describe('a worker that is paused for longer than its lease', function () {
  this.timeout(300_000);

  const titles = [
    'insert: a new booking',
    'move and patch: a booking on the other bay at another time',
    'rescheduleappointment: an event dragged',
    'cancelappointment: an event deleted',
    'rebook: an event dragged',
  ];
  const scenarios = SCENARIOS.filter(({ title }) => titles.includes(title));

  it('is paused during every kind of write by these tests', () => {
    expect(scenarios).to.have.length(titles.length);
  });

  for (const scenario of scenarios) {
    it(`at any point is recovered from: ${scenario.title}`, async () => {
      const whole = await play(scenario, null);
      await expectInSync(whole.world);
      for (let call = 1; call <= whole.calls.length; call++) {
        const what = `asleep with call ${call} of ${whole.calls.length}: …, ${whole.calls.slice(0, call).slice(-3).join(', ')}`;
        const { world, id, writes } = await play(scenario, call);
        await expectInSync(world, what);
        await expectIdle(world, what);
        scenario.after?.(world, id);
        expect(writes, what).to.be.at.most(whole.writes + 1);
      }
    });
  }
});

describe('the fencing number', () => {
  it('of the claim is stored in every map that is written under it', async () => {
    const world = new World();
    const { store } = world;
    const claims = new Map<string, ClaimedTask>();
    const written: BookingEventMap[] = [];
    world.through({
      store: overridden(store, {
        claimTasks: async (request) => {
          const claimed = await store.claimTasks(request);
          for (const task of claimed.unwrap()) claims.set(task.appointmentId, task);
          return claimed;
        },
        putMap: async (map) => {
          written.push(map);
          expect(map.fence).to.equal(claims.get(map.uscheduleAppointmentId)?.fence);
          return store.putMap(map);
        },
      }),
    });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    world.calendars.person.dragEvent(BAY1.calendarId, `loft${id}`, { start: world.hour(40) });
    await world.settle();
    world.bookings.user.cancel(id);
    await world.settle();
    expect(written.length).to.be.greaterThan(3);
    const fences = written.map((map) => map.fence);
    expect(fences).to.deep.equal(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).to.equal(3);
  });

  it('of a later claim prevents a write of the map by an outdated worker', async () => {
    const world = new World();
    const { store } = world;
    let overtake = false;
    world.through({
      store: overridden(store, {
        // Another replica claims the task and stores the map just before this one reads it.
        getMap: async (appointmentId) => {
          const map = (await store.getMap(appointmentId)).unwrap();
          if (!overtake || !map) return store.getMap(appointmentId);
          overtake = false;
          (await store.putMap({ ...map, fence: map.fence + 50 })).unwrap();
          return store.getMap(appointmentId);
        },
      }),
    });
    await world.start();
    const id = world.book(BAY1.resourceUnitId, 30);
    await world.settle();
    overtake = true;
    world.bookings.user.move(id, { start: world.hour(40) });
    await world.settle(5 * SECOND + MINUTE);
    const map = (await store.getMap(id)).unwrap();
    expect(map?.fence).to.be.greaterThan(50);
    expect(map?.base.start).to.equal(world.hour(30));
    expect(world.on(BAY1)[0]?.start).to.equal(world.hour(30));
    // Finally its own next claim is the latest one.
    await world.settle();
    await expectInSync(world);
  });
});
