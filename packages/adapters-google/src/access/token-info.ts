import { Err, Ok, SECOND, type Instant, type Result, type SyncError } from '@loft/sync-core';
import { DeadlineExceeded } from '@loft/sync-http';
import type { Sending } from '../http/sending.js';
import { isRecord } from '../errors/http-failure.js';

const METHOD = 'oauth2.tokeninfo';

/** What the token endpoint's server says of a token, and what time it has. */
export interface TokenInfo {
  /** null: it does not know the token. */
  readonly scopes: readonly string[] | null;
  /** How far our clock is ahead of its, in milliseconds, to about half a second; null: it did not say. */
  readonly clockAheadMs: number | null;
}

function failure(message: string): SyncError {
  return { kind: 'transient', system: 'google', method: METHOD, message };
}

function clockAhead(header: string | null, sentAt: Instant, receivedAt: Instant): number | null {
  const theirs = Date.parse(header ?? '');
  // The header is cut to the second.
  return Number.isNaN(theirs) ? null : (sentAt + receivedAt) / 2 - (theirs + SECOND / 2);
}

/** Asks about a token. One that is not known is no failure: the answer still tells the time. */
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
