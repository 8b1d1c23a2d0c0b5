import { readFile } from 'node:fs/promises';
import { Err, type Instant } from '@loft/sync-core';
import type { GoogleCredentials } from '../google-calendar-options.js';
import type { FetchAccessToken } from './access-token.js';
import { platformTokens } from './platform-tokens.js';
import { readServiceAccountKey } from './service-account-key.js';
import { serviceAccountTokens } from './service-account-tokens.js';
import { badCredentials } from './token-error.js';

function keyTokens(json: string, timeoutMs: number, now: () => Instant): FetchAccessToken {
  const key = readServiceAccountKey(json);
  if (key.ok) return serviceAccountTokens(key.val, timeoutMs, now);
  const error = badCredentials(`the service account key cannot be used: ${key.val}`);
  return () => Promise.resolve(Err(error));
}

function isServiceAccount(json: string): boolean {
  return /"type"\s*:\s*"service_account"/.test(json);
}

function fileTokens(path: string, timeoutMs: number, now: () => Instant): FetchAccessToken {
  return async () => {
    let json: string;
    try {
      json = await readFile(path, 'utf8');
    } catch {
      return Err(badCredentials(`the credentials file ${path} cannot be read`));
    }
    // Other kinds of credentials are the library's to read. It finds the file by the same variable as our settings.
    const fetch = isServiceAccount(json) ? keyTokens(json, timeoutMs, now) : platformTokens(timeoutMs, now);
    return fetch();
  };
}

/** How access tokens are fetched with these credentials. What is wrong with them shows when a token is needed. */
export function tokensOf(credentials: GoogleCredentials, timeoutMs: number, now: () => Instant): FetchAccessToken {
  if (credentials.kind === 'key') return keyTokens(credentials.json, timeoutMs, now);
  if (credentials.kind === 'key-file') return fileTokens(credentials.path, timeoutMs, now);
  return platformTokens(timeoutMs, now);
}
