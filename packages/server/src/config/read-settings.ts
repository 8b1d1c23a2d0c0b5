import { DEFAULT_SETTINGS, Err, Ok, type Result, type SyncSettings, type TimeZones } from '@loft/sync-core';
import { newestTimeZones } from '../time-zones/time-zone-sources.js';
import type { ConfigurationFault } from './configuration-fault.js';
import type { Environment } from './environment.js';
import { readEnvironmentSettings } from './read-environment-settings.js';
import { readSettingsFile, type FileText } from './read-settings-file.js';
import type { ServiceSettings } from './service-settings.js';
import type { SettingsFile } from './settings-file.js';

/** The engine's part of the file; how to reach the two systems is not its affair. */
function syncSettingsOf(file: SettingsFile, apiRootUrl: string | null): SyncSettings {
  const { locationId: _location, serviceId: _service, serviceLengthMinutes: _length, ...uschedule } = file.uschedule;
  // The usual quota is Google's; another server has its own, or none.
  const usualQuota = apiRootUrl === null ? DEFAULT_SETTINGS.google.quotaPerMinute : null;
  const google = { ...file.google, quotaPerMinute: file.google.quotaPerMinute ?? usualQuota };
  return { timeZone: file.timeZone, bays: file.bays, uschedule, google, rules: file.rules, retry: file.retry };
}

/** Long enough that no call outlasts the lease under which it was made, however long calls may take here. */
function leaseSecondsOf({ replicas, retry }: SettingsFile): number {
  return replicas.leaseSeconds ?? Math.max(30, 2 * retry.callTimeoutSeconds);
}

/**
 * Checks environment and settings file together, and names every fault of both at once.
 *
 * @param credentialsFile what is in the file that `GOOGLE_APPLICATION_CREDENTIALS` names, where somebody looked
 * @param timeZones default: the newest of this machine
 */
export function readSettings(
  environment: Environment,
  settingsFile: FileText,
  credentialsFile: FileText | null = null,
  timeZones: TimeZones = newestTimeZones(environment),
): Result<ServiceSettings, readonly ConfigurationFault[]> {
  const ofEnvironment = readEnvironmentSettings(environment, credentialsFile);
  const ofFile = readSettingsFile(settingsFile, timeZones);
  if (ofEnvironment.err || ofFile.err) {
    return Err([...(ofEnvironment.err ? ofEnvironment.val : []), ...(ofFile.err ? ofFile.val : [])]);
  }
  const { uschedule: access, ...settings } = ofEnvironment.val;
  const file = ofFile.val;
  const { locationId, serviceId, serviceLengthMinutes } = file.uschedule;
  return Ok({
    ...settings,
    uschedule: { ...access, locationId, serviceId, serviceLengthMinutes },
    callTimeoutMs: file.retry.callTimeoutSeconds * 1000,
    leaseMs: leaseSecondsOf(file) * 1000,
    sync: syncSettingsOf(file, settings.google.apiRootUrl),
    timeZones,
  });
}
