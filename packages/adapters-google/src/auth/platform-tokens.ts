import { Err, Ok, type Instant, type SyncError } from '@loft/sync-core';
import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { readFailure } from '../errors/http-failure.js';
import { carriedBy } from '../http/carry.js';
import type { Sending } from '../http/sending.js';
import { CALENDAR_EVENTS_SCOPE } from '../google-calendar-options.js';
import type { FetchAccessToken } from './access-token.js';
import { badCredentials, toTokenError, unreadableToken } from './token-error.js';

/** Maximum duration of a token request: the library has none. */
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
  // The project id is not used. Without one, the library searches for it, also by running a command.
  const google = new auth.GoogleAuth({
    scopes: [CALENDAR_EVENTS_SCOPE],
    projectId: 'not-needed',
    clientOptions: { transporterOptions: { ...carriedBy(http, timeoutMs) } },
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
 * Tokens of the platform's identity (application default credentials). Every token gets a new
 * client of the library, because a client keeps a token that was refused.
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
