import { MINUTE } from '@loft/sync-core';
import { World, type Overrides, type WorldOptions } from './world.js';

/** The hold of a checkout plus one poll. */
export const HELD: number = 12 * MINUTE;
export const POLL: number = MINUTE;

/** A studio with a hidden booking status, and an engine that is configured for it. */
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
