import { MINUTE, SECOND, type Instant } from '@loft/sync-core';
import type { HttpAnswer, HttpRequest } from './http-server.js';
import { isObject, parseObject, textOf, type JsonObject, type JsonValue } from './json.js';
import { routeOf, type Route } from './routes.js';

/** Represents the page token of the first page with items. */
const FIRST_PAGE = 'first-page';
/** An offset that no studio's zone has. */
const OFFSET_MS = 345 * MINUTE;
/** Optional fields of an event. */
const NICE_TO_KNOW = ['kind', 'created', 'iCalUID', 'organizer', 'eventType'];

/** @returns the request in the usual form */
export function inUsualManner(request: HttpRequest): HttpRequest {
  const url = new URL(request.url);
  if (url.searchParams.get('pageToken') === FIRST_PAGE) url.searchParams.delete('pageToken');
  const ifMatch = request.headers['if-match'];
  if (ifMatch === undefined) return { ...request, url };
  return { ...request, url, headers: { ...request.headers, 'if-match': ifMatch.replace(/^W\//, '') } };
}

/**
 * Changes an answer as far as docs/google-calendar.md allows, so that a client that depends on the habits of one server
 * fails here. Times have an unusual offset, etags are weak, texts have other line ends, fields have another order and
 * some are omitted. Every list begins with an empty page, and `204` is an empty `200`. Errors whose status is
 * sufficient are a page of HTML, and `Retry-After` is a date.
 */
export function inOtherManner(request: HttpRequest, answer: HttpAnswer, now: Instant): HttpAnswer {
  const route = routeOf(request.method, request.url.pathname);
  if (answer.kind !== 'answer' || !route || route.method === 'oauth2.token') return answer;
  if (answer.status >= 400) return refusedOtherwise(answer, now);
  if (!route.method.startsWith('events.') || route.method === 'events.instances') return answer;
  if (answer.body === '') return { ...answer, status: 200 };
  const body = parseObject(answer.body);
  return body ? { ...answer, body: JSON.stringify(shownOtherwise(route, request.url.searchParams, body)) } : answer;
}

function shownOtherwise(route: Route, query: URLSearchParams, body: JsonObject): JsonObject {
  if (route.method === 'events.list') return listedOtherwise(query, body);
  if (route.method === 'events.watch') return { ...body, expiration: Number(body['expiration']) };
  return otherEvent(body);
}

function listedOtherwise(query: URLSearchParams, body: JsonObject): JsonObject {
  const { items, nextPageToken, nextSyncToken, ...about } = body;
  if (!query.has('pageToken')) return { ...about, nextPageToken: FIRST_PAGE };
  const events = Array.isArray(items) ? items.filter(isObject).map(otherEvent) : [];
  const tokens = { nextPageToken, nextSyncToken };
  return { ...tokens, ...about, ...(events.length === 0 ? {} : { items: events }) };
}

function otherEvent(event: JsonObject): JsonObject {
  const changed: Record<string, JsonValue | undefined> = { ...event };
  for (const name of NICE_TO_KNOW) delete changed[name];
  for (const name of ['start', 'end']) if (isObject(event[name])) changed[name] = otherTime(event[name]);
  const { etag, description, updated } = event;
  if (typeof updated === 'string') changed['updated'] = otherOffset(updated);
  if (typeof etag === 'string') changed['etag'] = `W/${etag}`;
  if (typeof description === 'string') changed['description'] = `${description.replaceAll('\n', ' \r\n')}\r\n`;
  return backwards(changed);
}

function otherTime(time: JsonObject): JsonObject {
  const text = textOf(time['dateTime']);
  if (text === null) return backwards(time);
  return backwards({ ...time, dateTime: otherOffset(text) });
}

function otherOffset(text: string): string {
  return new Date(Date.parse(text) + OFFSET_MS).toISOString().replace('Z', '+05:45');
}

function backwards(fields: JsonObject): JsonObject {
  const entries = Object.entries(fields).map(([name, value]) => [name, isObject(value) ? backwards(value) : value]);
  return Object.fromEntries(entries.toReversed()) as JsonObject;
}

/** Is the reason needed? Only for 403, 429, and a status with more than one meaning. */
function refusedOtherwise(answer: Extract<HttpAnswer, { kind: 'answer' }>, now: Instant): HttpAnswer {
  const { 'retry-after': seconds, ...rest } = answer.headers;
  const date = seconds === undefined ? undefined : new Date(now + Number(seconds) * SECOND).toUTCString();
  const headers = date === undefined ? rest : { ...rest, 'retry-after': date };
  if (answer.status === 403) return { ...answer, headers };
  const body = `<!doctype html><title>Error ${answer.status}</title>`;
  return { ...answer, headers: { ...headers, 'content-type': 'text/html' }, body };
}
