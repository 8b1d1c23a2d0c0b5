import { Err, Ok, SECOND, type Instant, type Result, type SyncError } from '@loft/sync-core';
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
  { timeoutMs, now }: { readonly timeoutMs: number; readonly now: () => Instant },
): Promise<Result<TokenInfo, SyncError>> {
  const sentAt = now();
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ access_token: token }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const receivedAt = now();
    const text = await answer.text();
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : null;
    const scope = isRecord(body) ? body['scope'] : null;
    return Ok({
      scopes: answer.ok && typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : null,
      clockAheadMs: clockAhead(answer.headers.get('date'), sentAt, receivedAt),
    });
  } catch (error) {
    const why = error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'it cannot be reached';
    return Err(failure(`${new URL(url).host}: ${why}`));
  }
}
