import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, SECOND } from '@loft/sync-core';
import { MemoryData } from '#src/store/memory-data.js';
import { PowerCut } from '#src/testing/simulation/power-cut.js';
import { expectAtRest, expectInStep } from './in-step.js';
import { Mortal } from './mortal.js';
import { OVERTAKEN, SCENARIOS, type Scenario } from './scenarios.js';
import { World } from './world.js';

interface Run {
  readonly world: World;
  readonly mortal: Mortal;
  readonly id: string;
  /** Writes to either side since the act. */
  readonly writes: number;
}

/** Plays a scenario; with `dieOf` the engine dies of that call after the act, and another one takes over. */
async function play(
  { before, act, meanwhile, options }: Scenario,
  dieOf: number | null,
  { shared = false, power = false } = {},
): Promise<Run> {
  const world = new World(options);
  const data = new MemoryData();
  const memory = new MemoryStore({ shared, data });
  const powerCut = new PowerCut(data, world.clock);
  world.store = powerCut.watch(memory) as MemoryStore;
  // All hours are counted from here, however long it takes.
  const now = world.clock.now();
  world.hour = (hours) => now - (now % HOUR) + hours * HOUR;
  const mortal = new Mortal();
  const { bookings, calendars, store } = world;
  world.engine = world.newEngine({ ...mortal.ports({ bookings, calendars, store }), owner: 'first' });
  await world.start();
  const id = before?.(world) ?? '';
  await world.settle(11 * MINUTE);
  await expectInStep(world);
  const writesBefore = calendars.writeCount + bookings.writeCount;

  mortal.dieOf(dieOf ?? Infinity);
  act(world, id);
  void world.engine.syncNow();
  await world.settle(20 * SECOND);
  if (dieOf !== null) {
    expect(mortal.dead).to.equal(true);
    if (power) powerCut.strike();
    if (power) world.store = powerCut.watch(memory) as MemoryStore;
    meanwhile?.(world, id);
    world.engine = world.newEngine({ owner: 'second' });
    await world.start();
    await world.settle((shared ? 8 : 12) * MINUTE);
  }
  return { world, mortal, id, writes: calendars.writeCount + bookings.writeCount - writesBefore };
}

/** The calls an engine makes when nothing happens to it. */
async function callsOf(scenario: Scenario, shared = false): Promise<readonly string[]> {
  const { mortal } = await play(scenario, null, { shared });
  expect(mortal.calls.length).to.be.greaterThan(8);
  return mortal.calls;
}

function where(calls: readonly string[], call: number): string {
  return `after call ${call} of ${calls.length}: …, ${calls.slice(0, call).slice(-3).join(', ')}`;
}

describe('a crash', function () {
  this.timeout(300_000);

  for (const scenario of SCENARIOS) {
    it(`at any point does no harm to ${scenario.title}`, async () => {
      const whole = await play(scenario, null);
      scenario.after?.(whole.world, whole.id);
      await expectInStep(whole.world);
      const { calls } = whole.mortal;
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id, writes } = await play(scenario, call);
        await expectInStep(world, what);
        await expectAtRest(world, what);
        scenario.after?.(world, id);
        expect(writes, what).to.be.at.most(whole.writes + 1);
      }
    });
  }

  for (const scenario of OVERTAKEN) {
    it(`at any point does no harm to ${scenario.title}`, async () => {
      const calls = await callsOf(scenario);
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id } = await play(scenario, call);
        await expectInStep(world, what);
        await expectAtRest(world, what);
        scenario.after?.(world, id);
      }
    });
  }
});

describe('the crash of a replica', function () {
  this.timeout(300_000);

  for (const scenario of [SCENARIOS[0]!, SCENARIOS[4]!, SCENARIOS[12]!]) {
    it(`at any point does no harm to ${scenario.title}`, async () => {
      const calls = await callsOf(scenario, true);
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id } = await play(scenario, call, { shared: true });
        await expectInStep(world, what);
        await expectAtRest(world, what);
        scenario.after?.(world, id);
      }
    });
  }
});

describe('a power cut that takes what was not flushed', function () {
  this.timeout(300_000);

  for (const scenario of SCENARIOS) {
    it(`at any point does no harm to ${scenario.title}`, async () => {
      const whole = await play(scenario, null);
      const { calls } = whole.mortal;
      for (let call = 1; call <= calls.length; call++) {
        const what = where(calls, call);
        const { world, id, writes } = await play(scenario, call, { power: true });
        await expectInStep(world, what);
        await expectAtRest(world, what);
        scenario.after?.(world, id);
        expect(writes, what).to.be.at.most(whole.writes + 1);
      }
    });
  }
});
