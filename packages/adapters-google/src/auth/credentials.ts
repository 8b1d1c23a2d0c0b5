import { readFile } from 'node:fs/promises';
import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import type { Sending } from '../http/sending.js';
import type { GoogleCredentials } from '../google-calendar-options.js';
import type { FetchAccessToken } from './access-token.js';
import { platformTokens } from './platform-tokens.js';
import { readServiceAccountKey, type ServiceAccountKey } from './service-account-key.js';
import { serviceAccountTokens } from './service-account-tokens.js';
import { badCredentials } from './token-error.js';

function isServiceAccount(json: string): boolean {
  return /"type"\s*:\s*"service_account"/.test(json);
}

function readKey(json: string): Result<ServiceAccountKey, SyncError> {
  return readServiceAccountKey(json).mapErr((problem) =>
    badCredentials(`the service account key cannot be used: ${problem}`),
  );
}

/** @returns the service account's key; null if the credentials are of another kind */
export async function readCredentials(
  credentials: GoogleCredentials,
): Promise<Result<ServiceAccountKey | null, SyncError>> {
  if (credentials.kind === 'platform') return Ok(null);
  if (credentials.kind === 'key') return readKey(credentials.json);
  let json: string;
  try {
    json = await readFile(credentials.path, 'utf8');
  } catch {
    return Err(badCredentials(`the credentials file ${credentials.path} cannot be read`));
  }
  // The library reads other kinds of credentials. It finds the file by the same variable as our settings.
  return isServiceAccount(json) ? readKey(json) : Ok(null);
}

/** Returns how access tokens are fetched with these credentials. Faults of the credentials appear at the first fetch. */
export function tokensOf(credentials: GoogleCredentials, sending: Sending): FetchAccessToken {
  const platform = platformTokens(sending);
  return async () => {
    const key = await readCredentials(credentials);
    if (key.err) return key;
    return key.val ? serviceAccountTokens(key.val, sending)() : platform();
  };
}
