import type { Instant, SyncError, SyncErrorKind } from '@loft/sync-core';
import { isRecord, readFailure, type HttpAnswer } from './http-failure.js';
import { cutMessage, cutPayload } from './payload.js';
import { parseRetryAfter } from './retry-after.js';

/** 403 with one of these means "too fast", not "not allowed" (docs/google-calendar.md#errors). */
const RATE_REASONS: ReadonlySet<string> = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded']);

/** 403 with one of these refuses the one event, while its calendar takes other writes. */
const EVENT_REASONS: ReadonlySet<string> = new Set([
  'forbiddenForNonOrganizer',
  'cannotChangeOrganizer',
  'cannotChangeOrganizerOfInstance',
  'forbiddenForServiceAccounts',
]);

/** 410 with one of these is about a sync token, not about an event. */
const TOKEN_REASONS: ReadonlySet<string> = new Set(['fullSyncRequired', 'updatedMinTooLongAgo']);

/** Reads the reason from the first of the errors. */
function bodyOf({ body }: HttpAnswer): { readonly reason: string | null; readonly message: string | null } {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const errors: readonly unknown[] = Array.isArray(error['errors']) ? error['errors'] : [];
  const reason = isRecord(errors[0]) ? errors[0]['reason'] : null;
  return {
    reason: typeof reason === 'string' ? reason : null,
    message: typeof error['message'] === 'string' ? error['message'] : null,
  };
}

function kindOf(method: string, status: number, reason: string | null): SyncErrorKind {
  switch (status) {
    case 401:
      // "push.webhookUrlUnauthorized" refuses the address of the watch, not our token.
      return reason?.startsWith('push.') ? 'invalid' : 'unauthorized';
    case 403:
      return reason !== null && RATE_REASONS.has(reason) ? 'rate-limited' : 'forbidden';
    case 404:
      return 'not-found';
    case 408:
      return 'transient';
    case 409:
      // "conflict": two operations met, and the same call under the same id is to be repeated. "duplicate": the id exists.
      return reason === 'conflict' ? 'transient' : 'conflict';
    case 412:
      return 'conflict';
    case 410:
      // Of a list, only its sync token can be gone.
      return method === 'events.list' || (reason !== null && TOKEN_REASONS.has(reason)) ? 'token-expired' : 'gone';
    case 429:
      return 'rate-limited';
    default:
      return status >= 400 && status < 500 ? 'invalid' : 'transient';
  }
}

/** Maps an exception of an API call to an error value by the table in docs/google-calendar.md#errors. */
export function toSyncError(method: string, thrown: unknown, now: Instant): SyncError {
  const { answer, message, requested } = readFailure(thrown);
  if (!answer) {
    // Without a request the fault is ours (a missing parameter). A repetition would fail in the same way.
    return { kind: requested ? 'transient' : 'invalid', system: 'google', method, message: cutMessage(message) };
  }
  const { reason, message: text } = bodyOf(answer);
  const payload = cutPayload(answer.body);
  const retryAfterMs = parseRetryAfter(answer.retryAfter, now);
  return {
    kind: kindOf(method, answer.status, reason),
    system: 'google',
    method,
    message: cutMessage(text ?? `Google answered ${answer.status}`),
    status: answer.status,
    ...(reason === null ? {} : { reason }),
    ...(answer.status === 403 && reason !== null && EVENT_REASONS.has(reason) ? { scope: 'event' } : {}),
    ...(payload === undefined ? {} : { payload }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
}

/** The error for a 2xx that lacks required fields. The call may have taken effect. */
export function unreadableAnswer(method: string, what: string, answer: unknown): SyncError {
  const payload = cutPayload(answer);
  return {
    kind: 'transient',
    system: 'google',
    method,
    message: `Google's answer cannot be understood: ${what}`,
    ...(payload === undefined ? {} : { payload }),
  };
}
