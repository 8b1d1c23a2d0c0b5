import { MINUTE } from '@loft/sync-core';
import { World, type Overrides, type WorldOptions } from './world.js';

/** Past the hold of a checkout, and a poll more. */
export const HELD: number = 12 * MINUTE;
export const POLL: number = MINUTE;

/** A studio that hides its status, and an engine that knows. */
export function blindOptions(
  uschedule: NonNullable<Overrides['uschedule']> = {},
  studio: WorldOptions['studio'] = {},
): WorldOptions {
  return {
    settings: { uschedule: { status: 'blind', ...uschedule }, retry: { baseMs: 100 } },
    studio: { status: 'blind', ...studio },
  };
}

export function blindWorld(
  uschedule: NonNullable<Overrides['uschedule']> = {},
  studio: WorldOptions['studio'] = {},
): Promise<World> {
  return new World(blindOptions(uschedule, studio)).start();
}
