import { DEFAULT_SETTINGS, unknownTemplateFields } from '@loft/sync-core/rules';
import type * as z from 'zod';
import { closestName } from './closest-name.js';
import type { ConfigurationFault } from './configuration-fault.js';
import { SETTING_NAMES } from './settings-file.js';

type Issue = z.core.$ZodIssue;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Formats `['bays', 1, 'calendarId']` as `bays[1].calendarId`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return place === '' ? String(key) : `${place}.${String(key)}`;
  }, '');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return (value as readonly unknown[])[Number(key)];
    return isRecord(value) ? value[String(key)] : undefined;
  }, root);
}

/** Formats a value as in the file, shortened. */
function shown(value: unknown): string {
  const written = JSON.stringify(value);
  return written.length > 60 ? `${written.slice(0, 59)}…` : written;
}

function unknownName(issue: z.core.$ZodIssueUnrecognizedKeys): readonly ConfigurationFault[] {
  const group = placeOf(issue.path).replace(/\[\d+\]/, '[]');
  const names = SETTING_NAMES[group] ?? [];
  return issue.keys.map((key) => {
    const meant = closestName(key, names);
    const remedy = meant === null ? `The known names are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
    return { source: 'file', where: placeOf([...issue.path, key]), problem: 'is not a setting', remedy };
  });
}

/** The sentences of one zod issue. */
export function faultsOfIssue(issue: Issue, root: unknown): readonly ConfigurationFault[] {
  if (issue.code === 'unrecognized_keys') return unknownName(issue);
  const where = placeOf(issue.path);
  const value = valueAt(root, issue.path);
  const remedy = `It must be ${issue.message}.`;
  if (value === undefined) return [{ source: 'file', where, problem: 'is missing', remedy }];
  const wrongFields = issue.code === 'custom' && typeof value === 'string' ? unknownTemplateFields(value) : [];
  if (wrongFields.length > 0 && where.startsWith('google.')) {
    const named = wrongFields.map((field) => `{${field}}`).join(', ');
    return [{ source: 'file', where, problem: `names an unknown field: ${named}`, remedy }];
  }
  return [{ source: 'file', where, problem: `is ${shown(value)}`, remedy }];
}

const UNIQUE = [
  { key: 'bay', remedy: 'Give every bay its own short name.' },
  { key: 'resourceUnitId', remedy: 'Every bay is another unit of the booking system.' },
  { key: 'calendarId', remedy: 'Give every bay its own calendar.' },
] as const;

function duplicates(root: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const bays = Array.isArray(root['bays']) ? (root['bays'] as readonly unknown[]) : [];
  // Google's ids are addresses: capitals make no difference. Those of another calendar system may differ by them.
  const isGoogle = !isRecord(root['adapters']) || root['adapters']['calendars'] === undefined;
  return UNIQUE.flatMap(({ key, remedy }) => {
    const firstAt = new Map<string, number>();
    const faults: ConfigurationFault[] = [];
    bays.forEach((bay, index) => {
      const written = isRecord(bay) ? bay[key] : undefined;
      const value = typeof written === 'string' ? written.trim() : written;
      if (typeof value !== 'string' && typeof value !== 'number') return;
      // 5523 and "5523" are the same unit.
      const text = key === 'calendarId' && isGoogle ? String(value).toLowerCase() : String(value);
      const first = firstAt.get(text);
      if (first === undefined) firstAt.set(text, index);
      else {
        const problem = `is the same as bays[${first}].${key} (${shown(value)})`;
        faults.push({ source: 'file', where: `bays[${index}].${key}`, problem, remedy });
      }
    });
    return faults;
  });
}

function retryOrder(root: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const { baseMs, maxMs } = isRecord(root['retry']) ? root['retry'] : {};
  if (typeof baseMs !== 'number' || typeof maxMs !== 'number' || maxMs <= 0 || baseMs <= maxMs) return [];
  const problem = `is ${maxMs}, less than retry.baseMs (${baseMs})`;
  return [{ source: 'file', where: 'retry.maxMs', problem, remedy: 'The longest wait cannot be below the first one.' }];
}

function burstWithinQuota(root: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const written = isRecord(root['google']) ? root['google'] : {};
  const { quotaBurst: burst, quotaPerMinute: quota = DEFAULT_SETTINGS.google.quotaPerMinute } = written;
  if (typeof burst !== 'number' || typeof quota !== 'number' || burst < quota) return [];
  const problem = `is ${burst}, not less than google.quotaPerMinute (${quota})`;
  const remedy = "It is the part of a minute's quota that may be used at once; leave it out for a twentieth.";
  return [{ source: 'file', where: 'google.quotaBurst', problem, remedy }];
}

function leaseOutlastsCalls(root: Readonly<Record<string, unknown>>): readonly ConfigurationFault[] {
  const { leaseSeconds: lease } = isRecord(root['replicas']) ? root['replicas'] : {};
  const { callTimeoutSeconds: timeout = DEFAULT_SETTINGS.retry.callTimeoutSeconds } = isRecord(root['retry'])
    ? root['retry']
    : {};
  if (typeof lease !== 'number' || typeof timeout !== 'number' || lease <= 0 || lease > timeout) return [];
  const problem = `is ${lease}, not more than retry.callTimeoutSeconds (${timeout})`;
  const remedy =
    'While a call outlasts its lease, another replica may be at the same work. Leave it out for twice that time.';
  return [{ source: 'file', where: 'replicas.leaseSeconds', problem, remedy }];
}

/** Finds settings that contradict each other, in the file as written, with or without other faults. */
export function faultsBetweenSettings(root: unknown): readonly ConfigurationFault[] {
  if (!isRecord(root)) return [];
  return [...duplicates(root), ...retryOrder(root), ...burstWithinQuota(root), ...leaseOutlastsCalls(root)];
}
