import type { Instant, SyncError, SyncErrorKind } from '@loft/sync-core';
import { isRecord, readFailure } from '../errors/http-failure.js';
import { cutMessage, cutPayload } from '../errors/payload.js';
import { parseRetryAfter } from '../errors/retry-after.js';

/** Name of the token request in errors, logs and metrics. */
const TOKEN_METHOD = 'oauth2.token';

/** The error for faulty credentials. `message` must not quote them. */
export function badCredentials(message: string): SyncError {
  return { kind: 'unauthorized', system: 'google', method: TOKEN_METHOD, message };
}

function kindOf(status: number): SyncErrorKind {
  if (status === 429) return 'rate-limited';
  // Any other 4xx refuses the credentials: 400 invalid_grant, 401 invalid_client, 403 access_denied.
  return status >= 400 && status < 500 && status !== 408 ? 'unauthorized' : 'transient';
}

/** Maps a failed token request. An OAuth error body is `{error, error_description}`. */
export function toTokenError(thrown: unknown, now: Instant): SyncError {
  const { answer, message } = readFailure(thrown);
  const common = { system: 'google', method: TOKEN_METHOD } as const;
  if (!answer) return { ...common, kind: 'transient', message: cutMessage(`no access token: ${message}`) };
  const { error, error_description: text } = isRecord(answer.body) ? answer.body : {};
  const reason = typeof error === 'string' ? error : null;
  const description = typeof text === 'string' ? `: ${text}` : '';
  const payload = cutPayload(answer.body);
  const retryAfterMs = parseRetryAfter(answer.retryAfter, now);
  return {
    ...common,
    kind: kindOf(answer.status),
    message: cutMessage(`no access token: ${reason ?? `answer ${answer.status}`}${description}`),
    status: answer.status,
    ...(reason === null ? {} : { reason }),
    ...(payload === undefined ? {} : { payload }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

/** The error for a 2xx without a token. Its body is not kept, because it may hold part of a token. */
export function unreadableToken(): SyncError {
  return {
    kind: 'transient',
    system: 'google',
    method: TOKEN_METHOD,
    message: "no access token: the token endpoint's answer cannot be understood",
  };
}
