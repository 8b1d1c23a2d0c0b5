import { Err, Ok, SECOND, type Instant, type Result, type SyncError } from '@loft/sync-core';
import { DeadlineExceeded } from '@loft/sync-http';
import type { Sending } from '../http/sending.js';
import { isRecord } from '../errors/http-failure.js';

const METHOD = 'oauth2.tokeninfo';

/** The answer about a token, and the time of the server that answered. */
export interface TokenInfo {
  /** null: the server does not know the token. */
  readonly scopes: readonly string[] | null;
  /** How far our clock is ahead of the server's, in ms, to about half a second; null: the answer has no `Date`. */
  readonly clockAheadMs: number | null;
}

function failure(message: string): SyncError {
  return { kind: 'transient', system: 'google', method: METHOD, message };
}

function clockAhead(header: string | null, sentAt: Instant, receivedAt: Instant): number | null {
  const theirs = Date.parse(header ?? '');
  // The header has no fractions of a second.
  return Number.isNaN(theirs) ? null : (sentAt + receivedAt) / 2 - (theirs + SECOND / 2);
}

/** Requests information about a token. An unknown token is not a failure, because the answer still has the time. */
export async function askTokenInfo(
  url: string,
  token: string,
  { http, timeoutMs, now }: Sending,
): Promise<Result<TokenInfo, SyncError>> {
  const sentAt = now();
  try {
    const { status, headers, text } = await http.send({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: new URLSearchParams({ access_token: token }).toString(),
      deadline: performance.now() + timeoutMs,
    });
    const receivedAt = now();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : null;
    const scope = isRecord(body) ? body['scope'] : null;
    return Ok({
      scopes: status === 200 && typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : null,
      clockAheadMs: clockAhead(headers['date'] ?? null, sentAt, receivedAt),
    });
  } catch (error) {
    const why = error instanceof DeadlineExceeded ? 'no answer in time' : 'it cannot be reached';
    return Err(failure(`${new URL(url).host}: ${why}`));
  }
}
