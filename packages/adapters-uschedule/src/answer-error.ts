import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { failure } from './failure.js';
import { field, isRecord } from './record-fields.js';
import { retryAfterMs } from './retry-after.js';
import type { Secrets } from './secrets.js';
import type { HttpAnswer } from './transport.js';

/** `reason` of an answer that says that the API has no such method. It proves nothing about the appointment. */
export const UNKNOWN_METHOD = 'unknown-method';

const PAYLOAD_CHARACTERS = 500;
const REASON_CHARACTERS = 200;

/** Statuses about the form of our request, not about its content. */
const MALFORMED_REQUEST = new Set([405, 406, 411, 413, 414, 415, 431]);

/** Shortens an answer for a log. */
export function payloadOf(answer: HttpAnswer, secrets: Secrets): string {
  return cut(secrets.redact(answer.text), PAYLOAD_CHARACTERS);
}

/**
 * Maps an answer to an error. A `4xx` carries USchedule's reason, which is plain text or JSON
 * (docs/uschedule.md#transport).
 *
 * @returns null if the status is 2xx
 */
export function errorOf(method: string, answer: HttpAnswer, secrets: Secrets, now: number): SyncError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const text = reasonOf(answer.text);
  const reason = shortReason(text, secrets);
  const wait = retryAfterMs(answer.retryAfter, now);
  const details = {
    status,
    payload: payloadOf(answer, secrets),
    ...(reason === '' ? {} : { reason }),
    ...(wait === null ? {} : { retryAfterMs: wait }),
  };
  const said = reason === '' ? `HTTP ${status}` : `HTTP ${status}, ${reason}`;

  if (status === 401) return failure('unauthorized', method, said, details);
  if (status === 403) return failure('forbidden', method, said, details);
  if (status === 404) {
    return speaksOfTheAddress(answer.text, text)
      ? failure('invalid', method, `${said} (no such method at this address)`, { ...details, reason: UNKNOWN_METHOD })
      : failure('not-found', method, said, details);
  }
  if (status === 429) return failure('rate-limited', method, said, details);
  if (MALFORMED_REQUEST.has(status)) return failure('invalid', method, said, details);
  if (status >= 400 && status < 500 && status !== 408) return failure('refused', method, said, details);
  return failure('transient', method, said, details);
}

/** Parses the answer as JSON. An answer that is not JSON comes from a proxy or a login page and is `transient`. */
export function jsonOf(method: string, answer: HttpAnswer, secrets: Secrets): Result<unknown, SyncError> {
  try {
    return Ok(JSON.parse(answer.text) as unknown);
  } catch {
    return Err(unexpected(method, 'the answer is not JSON', answer, secrets));
  }
}

/** The error for a 2xx whose body has another form than expected. Nothing may be concluded from such an answer. */
export function unexpected(method: string, problem: string, answer: HttpAnswer, secrets: Secrets): SyncError {
  return failure('transient', method, problem, { status: answer.status, payload: payloadOf(answer, secrets) });
}

export function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

/** Detects a 404 of the web server instead of the API. The appointment may exist. */
function speaksOfTheAddress(body: string, reason: string): boolean {
  return isHtml(body) || /no http resource|no action was found|request uri|resource cannot be found/i.test(reason);
}

/** The text of an answer, shortened for a log. */
export function shortReason(text: string, secrets: Secrets): string {
  return cut(secrets.redact(text), REASON_CHARACTERS);
}

/** The text of an answer, or the message in its JSON. Empty for an HTML page. */
export function reasonOf(text: string): string {
  const trimmed = text.trim();
  if (isHtml(trimmed)) return '';
  try {
    const parsed: unknown = JSON.parse(trimmed);
    return typeof parsed === 'string' ? parsed.trim() : (reasonIn(parsed) ?? trimmed);
  } catch {
    return trimmed;
  }
}

function reasonIn(parsed: unknown): string | null {
  if (!isRecord(parsed)) return null;
  for (const name of ['Message', 'message', 'Reason', 'reason', 'Error', 'error', 'ErrorMessage', 'ExceptionMessage']) {
    const value = field(parsed, name);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
