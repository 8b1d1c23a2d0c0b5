import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BookingSystem, CalendarSystem } from '@loft/sync-core';
import { Err, Ok, type Result } from '@loft/sync-core/result';
import { SECOND } from '@loft/sync-core/time-zones';
import { thrownText } from '@loft/sync-core/adapters';
import type { ConfigurationFault } from '../config/configuration-fault.js';
import { withDeadline } from '../process/with-deadline.js';
import type { ChosenAdapter, ChosenAdapters } from './adapter-module.js';
import { checkAdapterSettings } from './check-adapter-settings.js';

type Role = keyof ChosenAdapters;
type Factory = ChosenAdapter<BookingSystem & CalendarSystem>['create'];

const FACTORIES: Readonly<Record<Role, string>> = {
  bookings: 'createBookingSystem',
  calendars: 'createCalendarSystem',
};

/** Maximum duration of the import of a module, in milliseconds. */
const LOADS_WITHIN_MS: number = 20 * SECOND;
const WHY_NOT_LOADED = 'A top-level await of the module may wait for an event that never comes.';

/** An adapter of the settings file. */
export interface AdapterName {
  readonly module: string;
  readonly settings?: unknown;
}

/** Finds the adapters that a settings file names. Faults of the text are reported by `read-settings-file.ts`. */
export function adapterNamesIn(text: string): Partial<Record<Role, AdapterName>> {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return {};
  }
  const adapters = memberOf(root, 'adapters');
  const names: Partial<Record<Role, AdapterName>> = {};
  for (const role of ['bookings', 'calendars'] as const) {
    const written = memberOf(adapters, role);
    const module = typeof written === 'string' ? written : memberOf(written, 'module');
    if (typeof module !== 'string' || module.trim() === '') continue;
    names[role] = { module: module.trim(), settings: memberOf(written, 'settings') };
  }
  return names;
}

/**
 * Imports the modules and validates the adapters' own settings.
 *
 * @param settingsFile path of the file: relative paths and packages are resolved from there
 * @param loadsWithinMs maximum duration of an import
 */
export async function loadAdapters(
  names: Partial<Record<Role, AdapterName>>,
  settingsFile: string,
  loadsWithinMs: number = LOADS_WITHIN_MS,
): Promise<Result<ChosenAdapters, readonly ConfigurationFault[]>> {
  const [bookings, calendars] = await Promise.all([
    loadOne('bookings', names.bookings, settingsFile, loadsWithinMs),
    loadOne('calendars', names.calendars, settingsFile, loadsWithinMs),
  ]);
  if (bookings.err || calendars.err) {
    return Err([...(bookings.err ? bookings.val : []), ...(calendars.err ? calendars.val : [])]);
  }
  return Ok({ bookings: bookings.val, calendars: calendars.val });
}

async function loadOne(
  role: Role,
  name: AdapterName | undefined,
  settingsFile: string,
  loadsWithinMs: number,
): Promise<Result<ChosenAdapter<BookingSystem & CalendarSystem> | null, readonly ConfigurationFault[]>> {
  if (name === undefined) return Ok(null);
  const fault = (problem: string, remedy: string): Result<never, readonly ConfigurationFault[]> =>
    Err([{ source: 'file', where: `adapters.${role}`, problem, remedy }]);
  let exported: unknown;
  try {
    const loading = import(addressOf(name.module, resolve(settingsFile)));
    if (!(await withDeadline(loading, loadsWithinMs))) {
      return fault(`is "${name.module}", which was not loaded within ${loadsWithinMs / SECOND} s`, WHY_NOT_LOADED);
    }
    exported = await loading;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : thrownText(thrown);
    return fault(`cannot be loaded: ${reason}`, 'Name a package that is installed, or a path from the settings file.');
  }
  const factory = memberOf(exported, FACTORIES[role]);
  if (typeof factory !== 'function') {
    return fault(`is "${name.module}", which exports no ${FACTORIES[role]}`, 'Name a module with such an adapter.');
  }
  const settings = checkAdapterSettings(memberOf(exported, 'settingsSchema'), name.settings);
  if (settings.ok) return Ok({ name: name.module, settings: settings.val, create: factory as Factory });
  return Err(
    settings.val.map(({ path, problem, remedy }) => ({
      source: 'file',
      where: ['adapters', role, ...path].join('.'),
      problem,
      remedy,
    })),
  );
}

/** Resolves packages and paths from the settings file, not from the directory of the service. */
function addressOf(module: string, settingsFile: string): string {
  if (module.startsWith('.') || isAbsolute(module)) return pathToFileURL(resolve(settingsFile, '..', module)).href;
  try {
    return pathToFileURL(createRequire(settingsFile).resolve(module)).href;
  } catch {
    return module;
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
