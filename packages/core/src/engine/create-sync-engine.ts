import { unclaimedMethods, type PortKind } from '../ports/capabilities.js';
import type { Clock } from '../ports/clock.js';
import { BOOKING_PORT, CALENDAR_PORT, STORE_PORT } from '../ports/port-methods.js';
import { thrownText } from '../domain/sync-error.js';
import { Err, Ok, type Result } from '../result.js';
import { checkSettings, type SettingsFault } from '../rules/check-settings.js';
import type { SyncEngineOptions } from './engine-options.js';
import { systemNames } from './engine-parts.js';
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

/**
 * Returns all faults of the options of an engine, or an empty list. Throws only if a getter or a method of an option
 * throws.
 */
function checkOptions(options: SyncEngineOptions | null | undefined): readonly SettingsFault[] {
  if (typeof options !== 'object' || options === null) return [wrong('options', 'must be an object')];
  const { bookings, calendars, store, clock, settings, timeZones, push, observers, random, concurrency, leaseMs } =
    options;
  return [
    ...portFaults('bookings', bookings, BOOKING_PORT),
    ...portFaults('calendars', calendars, CALENDAR_PORT),
    ...portFaults('store', store, STORE_PORT),
    ...clockFaults(clock),
    ...nameFaults(bookings, calendars),
    ...(timeZones === undefined ? [] : missingMethods('timeZones', timeZones, ['isZone', 'offsetAt', 'instantsOf'])),
    ...checkSettings(
      settings,
      typeof timeZones?.isZone === 'function' ? timeZones : undefined,
      (calendarId) => calendars?.calendarKey?.(calendarId) ?? calendarId,
    ),
    ...pushFaults(push),
    ...observerFaults(observers),
    ...(random === undefined || typeof random === 'function' ? [] : [wrong('random', 'must be a function')]),
    ...(concurrency === undefined || (Number.isInteger(concurrency) && concurrency >= 1)
      ? []
      : [wrong('concurrency', `is ${String(concurrency)}, and must be a whole number, 1 or more`)]),
    ...(leaseMs === undefined || (Number.isFinite(leaseMs) && leaseMs > 0)
      ? []
      : [wrong('leaseMs', `is ${String(leaseMs)}, and must be a number of milliseconds above 0`)]),
  ];
}

function wrong(where: string, problem: string): SettingsFault {
  return { where, problem };
}

/** Returns one fault with the names of all missing methods. */
function missingMethods(where: string, port: unknown, methods: readonly string[]): readonly SettingsFault[] {
  if (typeof port !== 'object' || port === null) return [wrong(where, 'is missing')];
  const missing = methods.filter((method) => typeof Reflect.get(port, method) !== 'function');
  return missing.length === 0 ? [] : [wrong(where, `has no method ${missing.join(', ')}`)];
}

/** Checks that a port has every method of the capabilities it claims. */
function portFaults(
  kind: PortKind,
  port: unknown,
  { methods }: { readonly methods: object },
): readonly SettingsFault[] {
  if (typeof port !== 'object' || port === null) return [wrong(kind, 'is missing')];
  const unclaimed = new Set(unclaimedMethods(kind, port));
  const faults = missingMethods(
    kind,
    port,
    Object.keys(methods).filter((method) => !unclaimed.has(method)),
  );
  const { supports } = port as { readonly supports?: unknown };
  if (supports === undefined || (typeof supports === 'object' && supports !== null)) return faults;
  return [...faults, wrong(`${kind}.supports`, 'must be an object')];
}

/** Errors, circuits and metrics identify systems by their names. */
function nameFaults(
  bookings: SyncEngineOptions['bookings'] | undefined,
  calendars: SyncEngineOptions['calendars'] | undefined,
): readonly SettingsFault[] {
  if (!bookings || !calendars) return [];
  const names = systemNames(bookings, calendars);
  const used = names.bookings === names.calendars ? names.calendars : [names.bookings, names.calendars].find(isStore);
  if (used === undefined) return [];
  return [wrong('calendars.system', `"${used}" is the name of another port; give each system a name of its own`)];
}

function isStore(name: string): boolean {
  return name === STORE_PORT.system;
}

function observerFaults(observers: unknown): readonly SettingsFault[] {
  if (observers === undefined) return [];
  if (!Array.isArray(observers)) return [wrong('observers', 'must be a list')];
  return observers.flatMap((observer: unknown, index) => missingMethods(`observers[${index}]`, observer, ['onEvent']));
}

function clockFaults(clock: unknown): readonly SettingsFault[] {
  const faults = missingMethods('clock', clock, ['now', 'setTimer']);
  if (faults.length > 0) return faults;
  try {
    const now = (clock as Clock).now();
    if (Number.isFinite(now) && !isOtherUnit(now)) return [];
    const answer = typeof now === 'number' ? `answers ${now}, and ` : '';
    return [wrong('clock.now', `${answer}must answer a number of milliseconds since 1970`)];
  } catch (thrown) {
    return [wrong('clock.now', `throws: ${thrownText(thrown)}`)];
  }
}

/** Is the time of today in seconds, or in microseconds? A clock of a test may start at 0. */
function isOtherUnit(now: number): boolean {
  return (now >= 1e9 && now < 1e11) || now >= 1e14;
}

function pushFaults(push: SyncEngineOptions['push']): readonly SettingsFault[] {
  if (push === undefined) return [];
  if (typeof push !== 'object' || push === null) return [wrong('push', 'must be an object, or absent')];
  const faults: SettingsFault[] = [];
  if (typeof push.address !== 'string' || push.address === '') faults.push(wrong('push.address', 'must be an address'));
  try {
    if (typeof push.tokenOf('channel') !== 'string') faults.push(wrong('push.tokenOf', 'must answer a text'));
  } catch (thrown) {
    faults.push(wrong('push.tokenOf', `throws: ${thrownText(thrown)}`));
  }
  return faults;
}
