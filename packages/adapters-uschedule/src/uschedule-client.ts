import { Err, type Instant, Ok, type Result, type SyncError } from '@loft/sync-core';
import { errorOf } from './answer-error.js';
import { refusalInSuccess } from './refusal-in-success.js';
import type { Secrets } from './secrets.js';
import type { Session } from './session.js';
import type { HttpAnswer, Transport } from './transport.js';

export interface ClientTools {
  readonly transport: Transport;
  readonly session: Session;
  readonly secrets: Secrets;
  readonly now: () => Instant;
}

/** Calls API methods with a login. After a 401 it logs in once and repeats the call once. No other call is repeated. */
export class UScheduleClient {
  readonly #tools: ClientTools;

  constructor(tools: ClientTools) {
    this.#tools = tools;
  }

  get secrets(): Secrets {
    return this.#tools.secrets;
  }

  /**
   * Calls a method. An answer whose status is not 2xx is an error.
   *
   * @param body null for a GET
   */
  async call(method: string, body: object | null): Promise<Result<HttpAnswer, SyncError>> {
    const { session, transport } = this.#tools;
    const key = await session.key();
    if (!key.ok) return key;
    const first = await transport.send(method, body, key.val);
    if (!first.ok || first.val.status !== 401) return this.#settle(method, key.val, first);

    const fresh = await session.renew(key.val);
    if (!fresh.ok) return fresh;
    const second = await transport.send(method, body, fresh.val);
    return this.#settle(method, fresh.val, second);
  }

  /** Calls a method that changes something, which may also be refused under status 200. */
  async change(method: string, body: object): Promise<Result<HttpAnswer, SyncError>> {
    const called = await this.call(method, body);
    if (called.err) return called;
    const refusal = refusalInSuccess(method, called.val, this.secrets);
    return refusal ? Err(refusal) : called;
  }

  #settle(method: string, key: string, sent: Result<HttpAnswer, SyncError>): Result<HttpAnswer, SyncError> {
    if (!sent.ok) return sent;
    const { session, secrets, now } = this.#tools;
    const error = errorOf(method, sent.val, secrets, now());
    if (error?.kind === 'unauthorized') session.refused(key, error);
    else if (error === null) session.accepted(key);
    return error ? Err(error) : Ok(sent.val);
  }
}
