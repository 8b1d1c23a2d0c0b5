import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { failure } from './failure.js';
import { field, isRecord } from './record-fields.js';
import { retryAfterMs } from './retry-after.js';
import type { Secrets } from './secrets.js';
import type { HttpAnswer } from './transport.js';

/** `reason` of an answer that says the address has no such method: nothing is known about the appointment then. */
export const UNKNOWN_METHOD = 'unknown-method';

const PAYLOAD_CHARACTERS = 500;
const REASON_CHARACTERS = 200;

/** Statuses that speak of the form of our request, not of what it asks for. */
const MALFORMED_REQUEST = new Set([405, 406, 411, 413, 414, 415, 431]);

/** The first characters of an answer, fit for a log. */
export function payloadOf(answer: HttpAnswer, secrets: Secrets): string {
  return cut(secrets.redact(answer.text), PAYLOAD_CHARACTERS);
}

/**
 * The error an answer stands for; null when its status is 2xx. A `4xx` carries the other side's reason, which is
 * plain text or JSON (docs/uschedule.md#transport).
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

/** The answer as JSON; `transient` when it is none, since a proxy or a login page has answered then. */
export function jsonOf(method: string, answer: HttpAnswer, secrets: Secrets): Result<unknown, SyncError> {
  try {
    return Ok(JSON.parse(answer.text) as unknown);
  } catch {
    return Err(unexpected(method, 'the answer is not JSON', answer, secrets));
  }
}

/** A 2xx whose body cannot be what was asked for: nothing may be concluded from it. */
export function unexpected(method: string, problem: string, answer: HttpAnswer, secrets: Secrets): SyncError {
  return failure('transient', method, problem, { status: answer.status, payload: payloadOf(answer, secrets) });
}

export function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

/** A 404 of the web server, not of the API: the appointment may well exist. */
function speaksOfTheAddress(body: string, reason: string): boolean {
  return isHtml(body) || /no http resource|no action was found|request uri|resource cannot be found/i.test(reason);
}

/** What an answer says, fit for a log. */
export function shortReason(text: string, secrets: Secrets): string {
  return cut(secrets.redact(text), REASON_CHARACTERS);
}

/** The words of an answer: its text, or the message in its JSON; empty for a page. */
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
