import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@loft/sync-core';
import { type ApiAnswer, noSuchMethod, refuse } from './api-answer.js';
import { ApiLog } from './api-log.js';
import { API_METHODS, type ApiState, GET_METHODS } from './api-methods.js';
import type { AuthKeys } from './auth-keys.js';
import { Faults } from './faults.js';
import type { ApiOutcome, ApiRequest } from './http-listener.js';

export interface SimulatedApiOptions {
  readonly alias: string;
  readonly applicationKey: string;
  readonly authKeys: AuthKeys;
  readonly now: () => Instant;
  /** Read again at each call, because `configure` may change it. */
  readonly state: () => ApiState;
}

/** The API of the simulated studio: address, keys, faults, log. */
export class SimulatedApi {
  readonly log: ApiLog = new ApiLog();
  readonly faults: Faults = new Faults();
  readonly #options: SimulatedApiOptions;
  readonly #closing = new AbortController();

  constructor(options: SimulatedApiOptions) {
    this.#options = options;
    // The number of waiting calls is not limited.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Ends all waits. */
  close(): void {
    this.#closing.abort();
  }

  async handle(request: ApiRequest): Promise<ApiOutcome> {
    const prefix = `/api/${encodeURIComponent(this.#options.alias)}/`;
    if (!request.path.startsWith(prefix)) return noSuchMethod(request.path);
    const method = request.path.slice(prefix.length).toLowerCase();
    const complete = this.log.begin(method, request.http, request.body, this.#options.now());
    if (this.faults.latencyMs > 0) await delay(this.faults.latencyMs, undefined, { signal: this.#closing.signal });

    const fault = this.faults.take(method);
    if (fault?.kind === 'hang') return 'hang';
    const instead = fault?.kind === 'fail' ? fault.answer : this.faults.outageAnswer();
    const given = instead ?? this.#perform(method, request);
    const performed = instead === null && given.status < 300;
    if (fault?.kind === 'lose' || fault?.kind === 'keep') {
      complete({ performed });
      return fault.kind === 'lose' ? 'drop' : 'hang';
    }
    complete({ status: given.status, performed });
    return given;
  }

  #perform(method: string, request: ApiRequest): ApiAnswer {
    const { applicationKey, authKeys, state } = this.#options;
    const { behaviour } = state();
    const { body } = request;
    if (request.header('x-us-application-key') !== applicationKey) {
      return refuse('The application key is not valid.', 403);
    }
    if (request.http !== 'POST' && !(request.http === 'GET' && GET_METHODS.has(method))) {
      return refuse('The requested resource does not support this HTTP method.', 405);
    }
    if (body === null) return refuse('The request is invalid.');
    if (method === 'validateuser') return authKeys.validateUser(body);
    if (method === 'impersonateuser') return authKeys.impersonateUser(body, behaviour.impersonation);

    const perform = Object.hasOwn(API_METHODS, method) ? API_METHODS[method] : undefined;
    if (!perform || (method === 'rescheduleappointment' && behaviour.reschedule === 'off')) {
      return noSuchMethod(request.path);
    }
    if (!authKeys.isValid(request.header('x-us-authtoken'))) return refuse('Authorization has been denied.', 401);
    const given = perform(body, state());
    return method === 'getapiappointments' ? this.#thinned(given) : given;
  }

  /** The two outages that look like a valid answer. */
  #thinned(given: ApiAnswer): ApiAnswer {
    if (!Array.isArray(given.body)) return given;
    const records: readonly unknown[] = given.body;
    if (this.faults.outage === 'empty-list') return { ...given, body: [] };
    if (this.faults.outage === 'half-list') return { ...given, body: records.filter((_, index) => index % 2 === 0) };
    return given;
  }
}
