import { Err, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, errorBody, type ApiError } from './api-error.js';
import type { CalendarApi, ApiAnswer } from './calendar-api.js';
import type { CallLog } from './call-log.js';
import type { Fault, Faults } from './faults.js';
import type { HttpAnswer, HttpRequest } from './http-server.js';
import { parseObject, type JsonObject } from './json.js';
import { inOtherManner, inUsualManner } from './other-manner.js';
import type { QuotaMeter } from './quota.js';
import { parseFields, selectFields } from './partial-response.js';
import { isApiPath, routeOf, TOKEN_INFO_PATH, type Route } from './routes.js';
import { scopesOf } from './scopes.js';
import type { TokenIssuer } from './token-issuer.js';

export interface HandlerParts {
  readonly api: CalendarApi;
  readonly issuer: TokenIssuer;
  readonly faults: Faults;
  readonly quota: QuotaMeter;
  readonly log: CallLog;
  readonly now: () => Instant;
  readonly tokenUri: () => string;
  /** Changes every answer as far as docs/google-calendar.md allows. */
  readonly otherwise: boolean;
  /** Waits, or ends early when the simulator closes. */
  readonly pause: (ms: number) => Promise<void>;
}

const JSON_TYPE = 'application/json; charset=UTF-8';

function answer(status: number, body: object | null, headers: Record<string, string> = {}): HttpAnswer {
  if (body === null) return { kind: 'answer', status, headers, body: '' };
  return { kind: 'answer', status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) };
}

function refuse(error: ApiError): HttpAnswer {
  return answer(
    error.status,
    errorBody(error),
    error.retryAfter === undefined ? {} : { 'retry-after': error.retryAfter },
  );
}

function notSimulated({ method, url }: HttpRequest): ApiError {
  return apiErrors.notSimulated(`${method} ${url.pathname}`);
}

function parseBody(text: string): JsonObject | null {
  return text === '' ? {} : parseObject(text);
}

/** One request from its arrival to its answer: fault, access token, quota, the method itself, and the log of it. */
export class RequestHandler {
  readonly #parts: HandlerParts;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
  }

  async handle(request: HttpRequest): Promise<HttpAnswer> {
    const { otherwise, now } = this.#parts;
    const answered = await this.#answer(otherwise ? inUsualManner(request) : request);
    const shown = otherwise ? inOtherManner(request, answered, now()) : answered;
    if (shown.kind !== 'answer') return shown;
    return { ...shown, headers: { date: new Date(now()).toUTCString(), ...shown.headers } };
  }

  async #answer(request: HttpRequest): Promise<HttpAnswer> {
    const { pathname, searchParams } = request.url;
    if (pathname === TOKEN_INFO_PATH) {
      const { status, body } = this.#parts.issuer.describe(
        new URLSearchParams(request.body).get('access_token') ?? searchParams.get('access_token') ?? '',
      );
      return answer(status, body);
    }
    const route = routeOf(request.method, request.url.pathname);
    if (!route) return refuse(isApiPath(pathname) ? notSimulated(request) : apiErrors.notFound());
    const fault = this.#parts.faults.take(route);
    if (fault?.kind === 'delay') await this.#parts.pause(fault.ms);
    const instead = fault && insteadOf(fault, route);
    if (instead) {
      this.#log(route, request, instead, false);
      return instead;
    }
    const real = this.#perform(route, request);
    const shown = fault ? afterwards(fault, real) : real;
    this.#log(route, request, shown, real.kind === 'answer' && real.status < 300);
    return shown;
  }

  #perform(route: Route, request: HttpRequest): HttpAnswer {
    const { issuer, tokenUri } = this.#parts;
    if (route.method === 'oauth2.token') {
      const { status, body } = issuer.answer(new URLSearchParams(request.body), tokenUri());
      return answer(status, body);
    }
    const result = this.#call(route, request);
    return result.ok ? answer(result.val.status, result.val.body) : refuse(result.val);
  }

  #call(route: Route, request: HttpRequest): Result<ApiAnswer, ApiError> {
    const { api, issuer, quota } = this.#parts;
    const verdict = issuer.check(request.headers.authorization, scopesOf(route.method));
    if (verdict === 'refused') return Err(apiErrors.authError());
    if (verdict === 'insufficient-scope') return Err(apiErrors.insufficientScope());
    const exceeded = quota.take(route.method);
    if (exceeded) return Err(exceeded);
    const body = parseBody(request.body);
    if (!body) return Err({ status: 400, reason: 'parseError', message: 'Parse Error' });
    const query = request.url.searchParams;
    const alt = query.get('alt') ?? 'json';
    if (alt !== 'json') return Err(apiErrors.invalidParameter('alt', `Invalid value '${alt}'.`));
    const selection = parseFields(query.get('fields') || '*');
    if (!selection) return Err(apiErrors.invalidParameter('fields', 'Invalid field selection'));
    const given = api.answer({ route, query, ifMatch: request.headers['if-match'] ?? null, body });
    return given.map((answered) => ({ ...answered, body: answered.body && selectFields(answered.body, selection) }));
  }

  #log(route: Route, request: HttpRequest, shown: HttpAnswer, done: boolean): void {
    this.#parts.log.add({
      by: 'service',
      at: this.#parts.now(),
      method: route.method,
      path: `${request.url.pathname}${request.url.search}`,
      calendarId: route.calendarId,
      eventId: route.eventId ?? insertedId(route, request),
      status: shown.kind === 'answer' ? shown.status : null,
      done,
    });
  }
}

function insertedId(route: Route, request: HttpRequest): string | null {
  const id = route.method === 'events.insert' ? parseBody(request.body)?.['id'] : null;
  return typeof id === 'string' ? id : null;
}

/** @returns the answer of a fault that prevents the call; null for other faults */
function insteadOf(fault: Fault, route: Route): HttpAnswer | null {
  switch (fault.kind) {
    case 'lose-request':
      return { kind: 'cut' };
    case 'hang':
      return { kind: 'open', withHeaders: fault.afterHeaders ?? false };
    case 'answer': {
      const { status, reason = 'backendError', message = 'Simulated fault', retryAfter } = fault;
      const headers = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
      if (route.method === 'oauth2.token') {
        return answer(status, { error: reason, error_description: message }, headers);
      }
      return answer(status, errorBody({ status, reason, message }), headers);
    }
    case 'lose-answer':
    case 'garbage':
    case 'delay':
      return null;
  }
}

function afterwards(fault: Fault, real: HttpAnswer): HttpAnswer {
  if (fault.kind === 'lose-answer') return { kind: 'cut' };
  if (fault.kind !== 'garbage') return real;
  const { body = '<!doctype html><title>Not this</title>', contentType = 'text/html' } = fault;
  return { kind: 'answer', status: 200, headers: { 'content-type': contentType }, body };
}
