import type { SyncError, SyncErrorKind } from '@loft/sync-core';
import { RETRY_AFTER_LIMIT_MS } from '@loft/sync-core/adapters';

/** Name of the system in errors, logs and metrics. */
export const SYSTEM = 'caldav';

/** The server refused a request. */
export class DavFailure extends Error {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number | null;

  constructor(status: number, body = '', retryAfter: string | null = null) {
    super(`the server answered ${status}`);
    this.status = status;
    this.body = body;
    this.retryAfterMs = waitOf(retryAfter ?? '');
  }
}

/** The wait of a `Retry-After` header: seconds, or a date. */
function waitOf(retryAfter: string): number | null {
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return wait > 0 ? Math.min(wait, RETRY_AFTER_LIMIT_MS) : null;
}

/** Refusals of a request that is wrong in itself (RFC 4791, 5.3.2.1). Servers send them with 403, 409 or 412. */
const INVALID_OBJECT = /valid-calendar-|supported-calendar-|max-resource-size|max-attendees|(?:min|max)-date-time/;

function kindOf({ status, body }: DavFailure): SyncErrorKind {
  // Another event of the calendar has this UID.
  if (body.includes('no-uid-conflict')) return 'conflict';
  if (INVALID_OBJECT.test(body)) return 'invalid';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  // 409: there is no such calendar (RFC 4918, 9.7.1).
  if (status === 404 || status === 409 || status === 410) return 'not-found';
  if (status === 412) return 'conflict';
  if (status === 429) return 'rate-limited';
  return status >= 500 || status === 408 || status === 423 ? 'transient' : 'invalid';
}

/** The error of a call that failed. Without an answer of the server it is `transient`: the request may have taken effect. */
export function toSyncError(method: string, thrown: unknown): SyncError {
  if (thrown instanceof DavFailure) {
    const { status, message, retryAfterMs } = thrown;
    const wait = retryAfterMs === null ? {} : { retryAfterMs };
    return { kind: kindOf(thrown), system: SYSTEM, method, status, message: `${method}: ${message}`, ...wait };
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return failure(method, 'transient', reason);
}

export function failure(method: string, kind: SyncErrorKind, reason: string): SyncError {
  return { kind, system: SYSTEM, method, message: `${method}: ${reason}` };
}
