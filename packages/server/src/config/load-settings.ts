import { readFile } from 'node:fs/promises';
import { Err, type Result } from '@loft/sync-core';
import { describeFaults } from './configuration-fault.js';
import { settingsFilePath, type Environment } from './environment.js';
import { readSettings } from './read-settings.js';
import type { FileText } from './read-settings-file.js';
import type { ServiceSettings } from './service-settings.js';

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory',
};

async function textOf(path: string): Promise<FileText> {
  try {
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { unreadable: WHY_UNREADABLE[code] ?? 'cannot be read' };
  }
}

/** Reads the files that the environment names and checks everything; the error is the whole message for a person. */
export async function loadSettings(environment: Environment): Promise<Result<ServiceSettings, string>> {
  const path = settingsFilePath(environment);
  const credentials = environment.GOOGLE_APPLICATION_CREDENTIALS;
  const settings = readSettings(
    environment,
    await textOf(path),
    credentials === undefined ? null : await textOf(credentials),
  );
  return settings.ok ? settings : Err(describeFaults(settings.val, path));
}
