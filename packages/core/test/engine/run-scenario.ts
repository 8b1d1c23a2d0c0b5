import { expect } from 'chai';
import { HOUR, MemoryStore, MINUTE, SECOND } from '@loft/sync-core';
import { MemoryData } from '#src/store/memory-data.js';
import { PowerCut } from '#src/testing/simulation/power-cut.js';
import { expectInSync } from './expect-in-sync.js';
import { KillableEngine } from './killable-engine.js';
import type { Scenario } from './scenarios.js';
import { World } from './world.js';

export interface Run {
  readonly world: World;
  readonly killable: KillableEngine;
  readonly id: string;
  /** Writes to either side since the act. */
  readonly writes: number;
}

/** Plays a scenario. With `dieOf` the engine dies in that call after the act, and another engine takes over. */
export async function play(
  { before, act, meanwhile, options }: Scenario,
  dieOf: number | null,
  { shared = false, power = false } = {},
): Promise<Run> {
  const world = new World(options);
  const data = new MemoryData();
  const memory = new MemoryStore({ shared, data });
  const powerCut = new PowerCut(data, world.clock);
  world.store = powerCut.watch(memory) as MemoryStore;
  // All hours are counted from this time.
  const now = world.clock.now();
  world.hour = (hours) => now - (now % HOUR) + hours * HOUR;
  const killable = new KillableEngine();
  const { bookings, calendars, store } = world;
  world.engine = world.newEngine({ ...killable.ports({ bookings, calendars, store }), owner: 'first' });
  await world.start();
  const id = before?.(world) ?? '';
  await world.settle(11 * MINUTE);
  await expectInSync(world);
  const writesBefore = calendars.writeCount + bookings.writeCount;

  killable.dieOf(dieOf ?? Infinity);
  act(world, id);
  void world.engine.syncNow();
  await world.settle(20 * SECOND);
  if (dieOf !== null) {
    expect(killable.dead).to.equal(true);
    if (power) powerCut.strike();
    if (power) world.store = powerCut.watch(memory) as MemoryStore;
    meanwhile?.(world, id);
    world.engine = world.newEngine({ owner: 'second' });
    await world.start();
    await world.settle((shared ? 8 : 12) * MINUTE);
  }
  return { world, killable, id, writes: calendars.writeCount + bookings.writeCount - writesBefore };
}
