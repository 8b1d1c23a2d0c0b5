import { Err, Ok, type Result } from '../result.js';
import type { SettingsFault } from '../rules/check-settings.js';
import { checkOptions } from './check-options.js';
import type { SyncEngineOptions } from './engine-options.js';
import { Engine } from './engine.js';
import type { SyncEngine } from './sync-engine.js';

/**
 * Makes an engine; nothing runs before its `start`.
 *
 * @returns everything that is wrong with the options, at once, instead of an engine
 * @example
 * const made = createSyncEngine({ bookings, calendars, store, clock: systemClock(), settings });
 * if (made.err) throw new Error(made.val.map(({ where, problem }) => `${where} ${problem}`).join('; '));
 * await made.val.start();
 */
export function createSyncEngine(options: SyncEngineOptions): Result<SyncEngine, readonly SettingsFault[]> {
  const faults = checkOptions(options);
  return faults.length > 0 ? Err(faults) : Ok(new Engine(options));
}
