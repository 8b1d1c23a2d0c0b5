import type { Clock } from '@loft/sync-core';
import type { HttpClient } from '@loft/sync-http';

/** The identity whose signed tokens are accepted beside the admin token. */
export interface TickIdentity {
  /** The audience of the token, as the scheduler's job names it. */
  readonly audience: string;
  /** The service account of the job. */
  readonly serviceAccount: string;
  /** The address of Google's public keys. */
  readonly keysUrl: string;
}

/** The reason why a token is refused. For the log, not for the caller. */
export type IdentityFault = string;

/** Checks a token. @returns null if it is signed by Google, for our audience, and of the expected account */
export type CheckIdentity = (token: string) => Promise<IdentityFault | null>;

export const GOOGLE_KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
const KEYS_TIMEOUT_MS = 5000;

/**
 * Checks OpenID Connect tokens of Cloud Scheduler: signed by Google's current keys, not expired, for our audience, and
 * of the one service account. Loads the library and fetches the keys at the first token.
 *
 * Source: "Using authentication with HTTP targets" of Cloud Scheduler.
 */
export function googleIdentity(
  expected: TickIdentity,
  clock: Pick<Clock, 'now'>,
  http: Pick<HttpClient, 'send'>,
): CheckIdentity {
  let loaded: Promise<CheckIdentity> | null = null;
  return async (token) => (await (loaded ??= loadCheck(expected, clock, http)))(token);
}

async function loadCheck(
  { audience, serviceAccount, keysUrl }: TickIdentity,
  clock: Pick<Clock, 'now'>,
  http: Pick<HttpClient, 'send'>,
): Promise<CheckIdentity> {
  const { createRemoteJWKSet, customFetch, jwtVerify } = await import('jose');
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    [customFetch]: async (url: string) => {
      const deadline = performance.now() + KEYS_TIMEOUT_MS;
      const { status, text } = await http.send({ url, method: 'GET', headers: {}, deadline });
      return new Response(text, { status });
    },
  });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: ISSUERS,
        audience,
        // Asymmetric algorithms only: with a symmetric one the public key would be the secret.
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'iat', 'email'],
        clockTolerance: 60,
        currentDate: new Date(clock.now()),
      });
      if (payload['email_verified'] !== true) return 'the address in the token is not verified';
      if (payload['email'] !== serviceAccount) return 'the token belongs to another account';
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
