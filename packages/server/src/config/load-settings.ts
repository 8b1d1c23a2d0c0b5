import { readFileSync } from 'node:fs';
import { Err, type Result } from '@loft/sync-core/result';
import { adapterNamesIn, loadAdapters } from '../adapters/load-adapters.js';
import { newestTimeZones } from '../time-zones/time-zone-sources.js';
import { describeFaults } from './configuration-fault.js';
import { settingsFilePath, type Environment } from './environment.js';
import { readSettings, type BroughtPorts } from './read-settings.js';
import type { FileText } from './read-settings-file.js';
import type { ServiceSettings } from './service-settings.js';

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory',
};

function textOf(path: string): FileText {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { unreadable: WHY_UNREADABLE[code] ?? 'cannot be read' };
  }
}

/**
 * Reads the files that the environment names, loads the adapters that the file names, and validates everything. The
 * error is the complete message.
 *
 * @param brought ports of the host (see `startService`): their settings are not required
 */
export async function loadSettings(
  environment: Environment,
  brought: BroughtPorts = {},
): Promise<Result<ServiceSettings, string>> {
  const path = settingsFilePath(environment);
  const credentials = environment.GOOGLE_APPLICATION_CREDENTIALS;
  const file = textOf(path);
  const adapters = await loadAdapters('text' in file ? adapterNamesIn(file.text) : {}, path);
  const settings = readSettings(
    environment,
    file,
    credentials === undefined ? null : textOf(credentials),
    newestTimeZones(environment),
    { adapters, brought },
  );
  return settings.ok ? settings : Err(describeFaults(settings.val, path));
}
