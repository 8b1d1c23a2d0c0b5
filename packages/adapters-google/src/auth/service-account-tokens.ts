import { Err, Ok } from '@loft/sync-core';
import { auth } from 'googleapis/build/src/apis/calendar/index.js';
import { CALENDAR_EVENTS_SCOPE } from '../google-calendar-options.js';
import { carriedBy } from '../http/carry.js';
import type { Sending } from '../http/sending.js';
import type { FetchAccessToken } from './access-token.js';
import type { ServiceAccountKey } from './service-account-key.js';
import { toTokenError, unreadableToken } from './token-error.js';

/**
 * Exchanges a JWT that is signed with the key for an access token (docs/google-calendar.md#access).
 *
 * Every token gets a new client of the library, because a client returns the same token until it expires, also after the
 * token was refused. The library also ignores the key's `token_uri` and repeats the request. An interceptor on its
 * transporter corrects both.
 */
export function serviceAccountTokens(key: ServiceAccountKey, { http, timeoutMs, now }: Sending): FetchAccessToken {
  return async () => {
    const client = new auth.JWT({
      email: key.clientEmail,
      key: key.privateKey,
      scopes: [CALENDAR_EVENTS_SCOPE],
      additionalClaims: { aud: key.tokenUri },
      transporterOptions: { ...carriedBy(http, timeoutMs), retry: false },
    });
    client.transporter.interceptors.request.add({
      resolved: (request) => {
        request.url = new URL(key.tokenUri);
        delete request.retryConfig;
        return Promise.resolve(request);
      },
    });
    try {
      const { access_token: token, expiry_date: expiresAt } = await client.authorize();
      if (typeof token !== 'string' || token === '') return Err(unreadableToken());
      return Ok({ token, expiresAt: typeof expiresAt === 'number' && expiresAt > 0 ? expiresAt : null });
    } catch (error) {
      return Err(toTokenError(error, now()));
    }
  };
}
