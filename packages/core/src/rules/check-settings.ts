import { thrownText } from '../domain/sync-error.js';
import type { TimeZones } from '../ports/time-zones.js';
import { intlTimeZones } from '../time-zones/intl-time-zones.js';
import { unknownTemplateFields } from './event-text.js';
import { DEFAULT_SETTINGS, type SyncSettings } from './settings.js';

/** One fault of the options of an engine: place and problem. */
export interface SettingsFault {
  /** The place: `settings.bays[1].calendarId`. */
  readonly where: string;
  /** The problem, to be read after the place: `is the same as settings.bays[0].calendarId ("…")`. */
  readonly problem: string;
}

/** Settings as a host provides them: `timeZone` and `bays`, and of each group the values that differ from the defaults. */
export type PartialSyncSettings = Pick<SyncSettings, 'timeZone' | 'bays'> & {
  readonly [G in keyof typeof DEFAULT_SETTINGS]?: Partial<SyncSettings[G]>;
};

/**
 * Fills in the defaults of docs/operating-contract.md#settings.
 * @example
 * const settings = completeSettings({ timeZone: 'America/Phoenix', bays, uschedule: { pollSeconds: 30 } });
 */
export function completeSettings(given: PartialSyncSettings): SyncSettings {
  const { timeZone, bays, uschedule, google, rules, retry } = given;
  return {
    timeZone,
    bays,
    uschedule: { ...DEFAULT_SETTINGS.uschedule, ...uschedule },
    google: { ...DEFAULT_SETTINGS.google, ...google },
    rules: { ...DEFAULT_SETTINGS.rules, ...rules },
    retry: { ...DEFAULT_SETTINGS.retry, ...retry },
  };
}

type Group = Readonly<Record<string, unknown>>;

/** The allowed values of a setting. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'uschedule.status': ['trusted', 'blind'],
  'uschedule.reschedule': ['method', 'rebook', 'off'],
  'google.cancel': ['delete', 'mark'],
  'rules.direction': ['both', 'to-google'],
  'rules.conflict': ['last-write-wins', 'booking-wins'],
};

/** Numbers that must be above 0. Every other number may be 0. */
const ABOVE_ZERO: ReadonlySet<string> = new Set([
  'uschedule.pollSeconds',
  'google.sweepSeconds',
  'google.channelTtlSeconds',
  'google.quotaPerMinute',
  'google.quotaBurst',
  'retry.baseMs',
  'retry.maxMs',
  'retry.callTimeoutSeconds',
]);

/** Numbers that must be whole, with their minimum. */
const WHOLE: Readonly<Record<string, number>> = {
  'uschedule.pastDays': 0,
  'uschedule.futureDays': 1,
  'uschedule.cancelConfirmations': 1,
  'rules.massChangeMinimum': 0,
  'retry.maxAttempts': 1,
};

/**
 * Returns all faults of the settings, or an empty list. Never throws for any input, because settings may come from a file or
 * from plain JavaScript.
 *
 * @param timeZones the existing zones; default: those of `Intl`
 * @param calendarKey returns the same text for all ids of one calendar; default: the id
 */
export function checkSettings(
  settings: unknown,
  timeZones: TimeZones = intlTimeZones(),
  calendarKey: (calendarId: string) => string = (calendarId) => calendarId,
): readonly SettingsFault[] {
  if (!isGroup(settings)) return [fault('', 'must be an object; completeSettings makes one')];
  try {
    return [
      ...timeZoneFaults(settings['timeZone'], timeZones),
      ...bayFaults(settings['bays'], calendarKey),
      ...groupFaults(settings),
    ];
  } catch (thrown) {
    return [fault('', `cannot be read: ${thrownText(thrown)}`)];
  }
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(where: string, problem: string): SettingsFault {
  return { where: where === '' ? 'settings' : `settings.${where}`, problem };
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : jsonOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** An object may be circular. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}

function timeZoneFaults(zone: unknown, zones: TimeZones): readonly SettingsFault[] {
  if (typeof zone === 'string' && zone !== '' && zones.isZone(zone)) return [];
  return [fault('timeZone', `is ${shown(zone)}, and must be a time zone such as "America/Phoenix"`)];
}

const BAY_TEXTS = ['bay', 'name', 'calendarId'] as const;
const BAY_KEYS = ['bay', 'name', 'resourceUnitId', 'calendarId'] as const;

function bayFaults(bays: unknown, calendarKey: (calendarId: string) => string): readonly SettingsFault[] {
  if (!Array.isArray(bays) || bays.length === 0) return [fault('bays', 'must be a list with at least one bay')];
  const list = bays as readonly unknown[];
  return [...list.flatMap((bay, index) => oneBayFaults(bay, `bays[${index}]`)), ...sameBayFaults(list, calendarKey)];
}

function oneBayFaults(bay: unknown, where: string): readonly SettingsFault[] {
  if (!isGroup(bay)) return [fault(where, `is ${shown(bay)}, and must be an object`)];
  const faults = BAY_TEXTS.filter((key) => typeof bay[key] !== 'string' || bay[key].trim() === '').map((key) =>
    fault(`${where}.${key}`, `is ${shown(bay[key])}, and must be a text`),
  );
  const unit = bay['resourceUnitId'];
  if (!(typeof unit === 'number' && Number.isFinite(unit)) && !(typeof unit === 'string' && unit.trim() !== '')) {
    faults.push(fault(`${where}.resourceUnitId`, `is ${shown(unit)}, and must be a number or a text`));
  }
  const direction = bay['direction'];
  if (direction !== undefined && direction !== 'both' && direction !== 'to-google') {
    faults.push(fault(`${where}.direction`, `is ${shown(direction)}, and must be "both" or "to-google"`));
  }
  return faults;
}

function sameBayFaults(
  bays: readonly unknown[],
  calendarKey: (calendarId: string) => string,
): readonly SettingsFault[] {
  return BAY_KEYS.flatMap((key) => {
    const firstAt = new Map<string, number>();
    return bays.flatMap((bay, index) => {
      const value = isGroup(bay) ? bay[key] : undefined;
      if (typeof value !== 'string' && typeof value !== 'number') return [];
      const text = String(value).trim();
      const same = key === 'calendarId' ? calendarKey(text) : text;
      const first = firstAt.get(same);
      if (first === undefined) firstAt.set(same, index);
      if (first === undefined) return [];
      const problem = `is the same as settings.bays[${first}].${key} (${shown(value)})`;
      return [fault(`bays[${index}].${key}`, problem)];
    });
  });
}

function groupFaults(settings: Group): readonly SettingsFault[] {
  const groups: readonly (readonly [string, object])[] = Object.entries(DEFAULT_SETTINGS);
  const faults = groups.flatMap(([name, defaults]) => {
    const group = settings[name];
    if (!isGroup(group)) return [fault(name, `is ${shown(group)}; completeSettings fills in the defaults`)];
    return Object.entries(defaults).flatMap(([key, usual]: readonly [string, unknown]) =>
      valueFaults(`${name}.${key}`, group[key], usual),
    );
  });
  return [...faults, ...templateFaults(settings['google']), ...betweenFaults(settings)];
}

/** The default defines the type of a value. */
function valueFaults(where: string, value: unknown, usual: unknown): readonly SettingsFault[] {
  const wrong = (rule: string): readonly SettingsFault[] => [fault(where, `is ${shown(value)}, and must be ${rule}`)];
  if (value === null && where === 'google.quotaPerMinute') return [];
  const choices = CHOICES[where];
  if (choices) return choices.some((it) => it === value) ? [] : wrong(choices.map((it) => `"${it}"`).join(' or '));
  if (typeof usual === 'number') return numberRule(where, value, wrong);
  if (Array.isArray(usual)) return Array.isArray(value) ? [] : wrong('a list');
  return typeof value === typeof usual ? [] : wrong(typeof usual === 'boolean' ? 'true or false' : 'a text');
}

function numberRule(
  where: string,
  value: unknown,
  wrong: (rule: string) => readonly SettingsFault[],
): readonly SettingsFault[] {
  const number = typeof value === 'number' && Number.isFinite(value) ? value : -1;
  const least = WHOLE[where];
  if (least !== undefined)
    return Number.isInteger(number) && number >= least ? [] : wrong(`a whole number, ${least} or more`);
  if (where === 'rules.massChangeLimit') return number >= 0 && number <= 1 ? [] : wrong('a share between 0 and 1');
  if (ABOVE_ZERO.has(where)) return number > 0 ? [] : wrong('a number above 0');
  return number >= 0 ? [] : wrong('a number, 0 or more');
}

function templateFaults(google: unknown): readonly SettingsFault[] {
  if (!isGroup(google)) return [];
  return ['title', 'description'].flatMap((key) => {
    const template = google[key];
    const unknown = typeof template === 'string' ? unknownTemplateFields(template) : [];
    if (unknown.length === 0) return [];
    return [fault(`google.${key}`, `names an unknown field: ${unknown.map((field) => `{${field}}`).join(', ')}`)];
  });
}

/** Returns the settings that contradict each other. */
function betweenFaults({ retry, google }: Group): readonly SettingsFault[] {
  const faults: SettingsFault[] = [];
  if (isGroup(retry)) {
    const { baseMs, maxMs } = retry;
    if (typeof baseMs === 'number' && typeof maxMs === 'number' && maxMs > 0 && maxMs < baseMs) {
      faults.push(fault('retry.maxMs', `is ${maxMs}, less than settings.retry.baseMs (${baseMs})`));
    }
  }
  if (isGroup(google)) {
    const { quotaBurst: burst, quotaPerMinute: quota } = google;
    if (burst !== undefined && (typeof burst !== 'number' || !(burst > 0))) {
      faults.push(fault('google.quotaBurst', `is ${shown(burst)}, and must be a number above 0`));
    } else if (typeof burst === 'number' && typeof quota === 'number' && burst >= quota) {
      faults.push(fault('google.quotaBurst', `is ${burst}, not less than settings.google.quotaPerMinute (${quota})`));
    }
  }
  return faults;
}
