import type { SyncSettings, TimeZones } from '@loft/sync-core';
import { Err, Ok, type Result } from '@loft/sync-core/result';
import { DEFAULT_SETTINGS } from '@loft/sync-core/rules';
import { OWN_ADAPTERS, type ChosenAdapters } from '../adapters/adapter-module.js';
import { adapterNamesIn } from '../adapters/load-adapters.js';
import { newestTimeZones } from '../time-zones/time-zone-sources.js';
import type { ConfigurationFault } from './configuration-fault.js';
import { adapterVariables, type Environment } from './environment.js';
import { readEnvironmentSettings } from './read-environment-settings.js';
import { signalsOf } from './read-signals.js';
import { readSettingsFile, type FileText } from './read-settings-file.js';
import type { ServiceSettings } from './service-settings.js';
import type { SettingsFile } from './settings-file.js';

/** Selects the engine's part of the file, without the access to the two systems. */
function syncSettingsOf(file: SettingsFile, isGoogle: boolean): SyncSettings {
  const { locationId: _location, serviceId: _service, serviceLengthMinutes: _length, ...uschedule } = file.uschedule;
  // The usual quota is Google's; another server has its own, or none.
  const usualQuota = isGoogle ? DEFAULT_SETTINGS.google.quotaPerMinute : null;
  const google = { ...file.google, quotaPerMinute: file.google.quotaPerMinute ?? usualQuota };
  return { timeZone: file.timeZone, bays: file.bays, uschedule, google, rules: file.rules, retry: file.retry };
}

/** USchedule's units are numbers. */
function unitFaults({ bays }: SettingsFile): readonly ConfigurationFault[] {
  return bays.flatMap(({ resourceUnitId }, index) => {
    if (/^[1-9]\d*$/.test(String(resourceUnitId))) return [];
    const where = `bays[${index}].resourceUnitId`;
    return [{ source: 'file', where, problem: `is "${resourceUnitId}"`, remedy: 'A unit of USchedule is a number.' }];
  });
}

/** A lease that is longer than the longest call made under it. */
function leaseSecondsOf({ replicas, retry }: SettingsFile): number {
  return replicas.leaseSeconds ?? Math.max(30, 2 * retry.callTimeoutSeconds);
}

/** Ports that a host passes to `startService`. */
export interface BroughtPorts {
  readonly bookings?: boolean;
  readonly calendars?: boolean;
}

/** The origin of the two systems if they are not the service's own adapters. */
export interface OtherAdapters {
  /** The adapters of the file, or the reason why they cannot be loaded. */
  readonly adapters: Result<ChosenAdapters, readonly ConfigurationFault[]>;
  readonly brought: BroughtPorts;
}

/** Without `loadSettings` no module is loaded. */
function notLoaded(file: SettingsFile): readonly ConfigurationFault[] {
  return (['bookings', 'calendars'] as const)
    .filter((role) => file.adapters[role] !== undefined)
    .map((role) => {
      const remedy = 'Use loadSettings, which loads the modules that the file names.';
      return { source: 'file', where: `adapters.${role}`, problem: 'names a module that was not loaded', remedy };
    });
}

/**
 * Validates environment and settings file together, and reports all faults at once.
 *
 * @param credentialsFile content of the file of `GOOGLE_APPLICATION_CREDENTIALS`; null if it was not read
 * @param timeZones default: the newest of this machine
 * @param other adapters in place of the service's own; null: the file may name none
 */
export function readSettings(
  environment: Environment,
  settingsFile: FileText,
  credentialsFile: FileText | null = null,
  timeZones: TimeZones = newestTimeZones(environment),
  other: OtherAdapters | null = null,
): Result<ServiceSettings, readonly ConfigurationFault[]> {
  const ofFile = readSettingsFile(settingsFile, timeZones);
  const adapters = other?.adapters ?? Ok(OWN_ADAPTERS);
  // An adapter that cannot be loaded still counts: USchedule's settings are then not required.
  const named = ofFile.ok ? ofFile.val.adapters : adapterNamesIn('text' in settingsFile ? settingsFile.text : '');
  const replaces = {
    bookings: named.bookings !== undefined || other?.brought.bookings === true,
    calendars: named.calendars !== undefined || other?.brought.calendars === true,
  };
  const ofEnvironment = readEnvironmentSettings(environment, credentialsFile, replaces);
  const signals = ofFile.ok ? signalsOf(ofFile.val, environment) : Ok([]);
  const faults = [
    ...(ofEnvironment.err ? ofEnvironment.val : []),
    ...(ofFile.err ? ofFile.val : []),
    ...(adapters.err ? adapters.val : []),
    ...(signals.err ? signals.val : []),
    ...(ofFile.ok && other === null ? notLoaded(ofFile.val) : []),
    ...(ofFile.ok && !replaces.bookings ? unitFaults(ofFile.val) : []),
  ];
  if (ofEnvironment.err || ofFile.err || adapters.err || signals.err || faults.length > 0) return Err(faults);
  const { uschedule: access, ...settings } = ofEnvironment.val;
  const file = ofFile.val;
  const { locationId, serviceId, serviceLengthMinutes } = file.uschedule;
  return Ok({
    ...settings,
    uschedule: access && { ...access, locationId, serviceId, serviceLengthMinutes },
    adapters: adapters.val,
    signals: signals.val,
    adapterVariables: adapterVariables(environment),
    callTimeoutMs: file.retry.callTimeoutSeconds * 1000,
    leaseMs: leaseSecondsOf(file) * 1000,
    sync: syncSettingsOf(file, settings.google.apiRootUrl === null && !replaces.calendars),
    timeZones,
  });
}
