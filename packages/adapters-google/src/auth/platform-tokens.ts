import { Err, Ok, type Instant, type SyncError } from '@loft/sync-core';
import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { readFailure } from '../errors/http-failure.js';
import { carrier } from '../http/carry.js';
import type { Sending } from '../http/sending.js';
import { CALENDAR_EVENTS_SCOPE } from '../google-calendar-options.js';
import type { FetchAccessToken } from './access-token.js';
import { badCredentials, toTokenError, unreadableToken } from './token-error.js';

/** The library has no limit of its own on looking for an identity and asking it for a token. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchToken({ http, timeoutMs }: Sending): Promise<{ token: unknown; expiresAt: unknown }> {
  // We need no project. Unless it is told one, the library looks for it, with a command of its own among others.
  const google = new auth.GoogleAuth({
    scopes: [CALENDAR_EVENTS_SCOPE],
    projectId: 'not-needed',
    clientOptions: { transporterOptions: { adapter: carrier(http, performance.now() + timeoutMs) } },
  });
  const client = await google.getClient();
  const { token } = await client.getAccessToken();
  return { token, expiresAt: client.credentials.expiry_date };
}

function platformError(thrown: unknown, now: Instant): SyncError {
  const { answer, requested, message } = readFailure(thrown);
  const noIdentity = answer === null && !requested && /default credentials/i.test(message);
  return noIdentity ? badCredentials(`no access token: ${message}`) : toTokenError(thrown, now);
}

/**
 * Tokens of the platform's identity (application default credentials). The library's client is made anew for every
 * token, since it keeps one that was refused.
 */
export function platformTokens(sending: Sending): FetchAccessToken {
  return async () => {
    try {
      const { token, expiresAt } = await within(sending.timeoutMs, fetchToken(sending));
      if (typeof token !== 'string' || token === '') return Err(unreadableToken());
      return Ok({ token, expiresAt: typeof expiresAt === 'number' ? expiresAt : null });
    } catch (error) {
      return Err(platformError(error, sending.now()));
    }
  };
}
