import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { DeadlineExceeded, type HttpClient } from '@loft/sync-http';
import { failure } from './failure.js';
import type { Secrets } from './secrets.js';

/** The answer to one HTTP call, with any status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The unparsed `Retry-After` header. */
  readonly retryAfter: string | null;
}

export interface TransportOptions {
  readonly baseUrl: string;
  readonly alias: string;
  readonly applicationKey: string;
  readonly callTimeoutMs: number;
  readonly secrets: Secrets;
  readonly http: HttpClient;
}

/**
 * Makes one HTTP call, with a limit on its whole duration, including the body. A missing answer is `transient`: the call may
 * have taken effect. Redirects are not followed, because the secrets in the headers would be sent to the new address.
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
    const { applicationKey, callTimeoutMs, http } = this.#options;
    try {
      const { status, headers, text } = await http.send({
        url: `${this.#root}/${method}`,
        method: body ? 'POST' : 'GET',
        headers: {
          Accept: 'application/json',
          'Accept-Encoding': 'gzip',
          'X-US-Application-Key': applicationKey,
          ...(authKey === null ? {} : { 'X-US-AuthToken': authKey }),
          ...(body ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        deadline: performance.now() + callTimeoutMs,
      });
      return Ok({ status, text, retryAfter: headers['retry-after'] ?? null });
    } catch (thrown) {
      const message =
        thrown instanceof DeadlineExceeded
          ? `no complete answer within ${callTimeoutMs} ms`
          : `no answer (${this.#options.secrets.redact(networkReason(thrown))})`;
      return Err(failure('transient', method, message));
    }
  }
}

/** Prefers the error code: the message is empty if several addresses were tried. */
function networkReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown cause';
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  // The message of a proxy's refusal has the status.
  return /prox/i.test(thrown.message) ? thrown.message : code || thrown.message;
}
