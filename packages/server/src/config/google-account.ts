import { readFile } from 'node:fs/promises';
import { readServiceAccountKey } from '@loft/sync-google';
import type { ServiceSettings } from './service-settings.js';

/**
 * Reads the address of the service's own account in the calendars: the `client_email` of the service account's key
 * (docs/decision-table.md#words).
 *
 * @returns undefined if there is no readable key (the platform's identity, or an adapter for another calendar system).
 *   The engine then learns the address from its own inserts.
 */
export async function googleAccountOf({
  google: { credentials },
  adapters,
}: Pick<ServiceSettings, 'google' | 'adapters'>): Promise<string | undefined> {
  if (adapters.calendars || credentials.kind === 'platform') return undefined;
  const json = credentials.kind === 'key' ? credentials.json : await textOf(credentials.path);
  const key = json === null ? null : readServiceAccountKey(json);
  return key?.ok ? key.val.clientEmail : undefined;
}

/** @returns null if the file cannot be read; the first call to Google reports the reason */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
