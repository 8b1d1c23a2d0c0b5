import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { failure } from './failure.js';
import type { Secrets } from './secrets.js';

/** What one HTTP call was answered, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | null;
}

export interface TransportOptions {
  readonly baseUrl: string;
  readonly alias: string;
  readonly applicationKey: string;
  readonly callTimeoutMs: number;
  readonly secrets: Secrets;
}

/**
 * One HTTP call, with a limit on its whole duration, body included. No answer at all is `transient`: the call may
 * have taken effect. Redirects are not followed, since the secrets in the headers would follow them too.
 */
export class Transport {
  readonly #options: TransportOptions;
  readonly #root: string;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#root = `${options.baseUrl.replace(/\/+$/, '')}/api/${encodeURIComponent(options.alias)}`;
  }

  /** POSTs `body` as JSON; without a body it is a GET. */
  async send(method: string, body: object | null, authKey: string | null): Promise<Result<HttpAnswer, SyncError>> {
    const { applicationKey, callTimeoutMs } = this.#options;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), callTimeoutMs);
    try {
      const response = await fetch(`${this.#root}/${method}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          Accept: 'application/json',
          'X-US-Application-Key': applicationKey,
          ...(authKey === null ? {} : { 'X-US-AuthToken': authKey }),
          ...(body ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'manual',
        signal: abort.signal,
      });
      const text = await response.text();
      return Ok({ status: response.status, text, retryAfter: response.headers.get('retry-after') });
    } catch (thrown) {
      const message = abort.signal.aborted
        ? `no complete answer within ${callTimeoutMs} ms`
        : `no answer (${this.#options.secrets.redact(networkReason(thrown))})`;
      return Err(failure('transient', method, message));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `fetch failed` says nothing; the code of its cause does. */
function networkReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown cause';
  const { cause } = thrown;
  if (cause instanceof Error) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    return code || cause.message || thrown.message;
  }
  return thrown.message;
}
