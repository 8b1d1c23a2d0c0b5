import { Err, Ok, type Result } from '../result.js';
import type { SettingsFault } from '../rules/check-settings.js';
import { thrownText } from '../ports/thrown-text.js';
import { checkOptions } from './check-options.js';
import type { SyncEngineOptions } from './engine-options.js';
import { Engine } from './engine.js';
import type { SyncEngine } from './sync-engine.js';

/**
 * Creates an engine. Nothing runs before its `start`.
 *
 * @returns all faults of the options instead of an engine, if there are any
 * @example
 * const made = createSyncEngine({ bookings, calendars, store, clock: systemClock(), settings });
 * if (made.err) throw new Error(made.val.map(({ where, problem }) => `${where} ${problem}`).join('; '));
 * await made.val.start();
 */
export function createSyncEngine(options: SyncEngineOptions): Result<SyncEngine, readonly SettingsFault[]> {
  try {
    const faults = checkOptions(options);
    return faults.length > 0 ? Err(faults) : Ok(new Engine(options));
  } catch (thrown) {
    // A getter or a method of an option threw.
    return Err([{ where: 'options', problem: `cannot be read: ${thrownText(thrown)}` }]);
  }
}
