import { Err, Ok, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import type { EventStore } from './event-store.js';
import { parseObject } from './json.js';
import type { StoredEvent } from './stored-event.js';

/** Parameters a list may not have together with a sync token (docs/google-calendar.md#incremental-sync). */
const NOT_WITH_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
];

/** Parameters of any call of any Google API, which have no part in what is listed. */
const COMMON = new Set(['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'syncToken', 'pageToken']);

const MOST_PER_PAGE = 2500;
const USUAL_PER_PAGE = 250;

/** What a sync token or page token holds. To clients it is opaque. */
interface Cursor {
  readonly calendarId: string;
  /** Tokens of an earlier generation have expired. */
  readonly generation: number;
  /** The other parameters of the list it came from. */
  readonly parameters: string;
  /** Changes after this revision are listed; null: all events are. */
  readonly since: number | null;
  /** Revision at the time of the first page: where the next incremental list begins. */
  readonly upTo: number;
  /** Where the next page begins; null in a sync token. */
  readonly after: number | null;
}

export interface ListPage {
  readonly events: readonly StoredEvent[];
  readonly nextPageToken: string | null;
  readonly nextSyncToken: string | null;
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decode(token: string): Cursor | null {
  const fields = parseObject(Buffer.from(token, 'base64url').toString());
  const { calendarId, generation, parameters, since = null, upTo, after = null } = fields ?? {};
  if (typeof calendarId !== 'string' || typeof parameters !== 'string') return null;
  if (typeof generation !== 'number' || typeof upTo !== 'number') return null;
  if (!isPosition(since) || !isPosition(after)) return null;
  return { calendarId, generation, parameters, since, upTo, after };
}

function isPosition(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

function parametersOf(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => !COMMON.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&');
}

/** Lists events, in full or what changed since a sync token, page by page. */
export class SyncLog {
  readonly #store: EventStore;
  readonly #pageCap: number;
  #generation = 1;

  /** `pageCap`: at most so many events on a page, whatever the client asks for. */
  constructor(store: EventStore, pageCap: number) {
    this.#store = store;
    this.#pageCap = pageCap;
  }

  /** All tokens given so far are no longer good. */
  expireTokens(): void {
    this.#generation += 1;
  }

  list(calendarId: string, query: URLSearchParams): Result<ListPage, ApiError> {
    return this.#cursorOf(calendarId, query).map((cursor) => this.#page(cursor, query));
  }

  #cursorOf(calendarId: string, query: URLSearchParams): Result<Cursor, ApiError> {
    const syncToken = query.get('syncToken');
    const pageToken = query.get('pageToken');
    if (query.get('singleEvents') === 'true') return Err(apiErrors.notSimulated('single instances of a series'));
    if (syncToken !== null) {
      const forbidden = NOT_WITH_TOKEN.find((name) => query.has(name));
      if (forbidden) return Err(apiErrors.badRequest(`${forbidden} cannot be used with syncToken.`));
      if (query.get('showDeleted') === 'false') return Err(apiErrors.badRequest('showDeleted must not be false.'));
    }
    const unknown = NOT_WITH_TOKEN.find((name) => query.has(name));
    if (unknown) return Err(apiErrors.notSimulated(`the parameter ${unknown}`));
    const { generation, parameters } = { generation: this.#generation, parameters: parametersOf(query) };
    const token = pageToken ?? syncToken;
    if (token === null) {
      return Ok({ calendarId, generation, parameters, since: null, upTo: this.#store.revision, after: 0 });
    }
    const cursor = decode(token);
    if (cursor?.calendarId !== calendarId || (cursor.after === null) !== (pageToken === null)) {
      return Err(apiErrors.invalid('Invalid token value.'));
    }
    if (cursor.generation !== generation) return Err(apiErrors.fullSyncRequired());
    if (cursor.parameters !== parameters) {
      return Err(apiErrors.badRequest('The parameters must be the same as on the list the token came from.'));
    }
    if (pageToken !== null) return Ok(cursor);
    return Ok({ ...cursor, since: cursor.upTo, upTo: this.#store.revision, after: cursor.upTo });
  }

  #page(cursor: Cursor, query: URLSearchParams): ListPage {
    const { since, upTo, after, calendarId } = cursor;
    const asked = Number(query.get('maxResults') ?? USUAL_PER_PAGE) || USUAL_PER_PAGE;
    const size = Math.max(1, Math.min(asked, MOST_PER_PAGE, this.#pageCap));
    const orderOf = (event: StoredEvent): number => (since === null ? event.position : event.revision);
    const showDeleted = since !== null || query.get('showDeleted') === 'true';
    const rest = this.#store
      .all(calendarId)
      // What changes while pages are read comes with the next token.
      .filter((event) => orderOf(event) > (after ?? 0) && (since === null || event.revision <= upTo))
      .filter((event) => !event.cancelled || (showDeleted && !(since === null && event.forgotten)))
      .toSorted((a, b) => orderOf(a) - orderOf(b));
    const events = rest.slice(0, size);
    const last = events.at(-1);
    if (last && rest.length > size) {
      return { events, nextPageToken: encode({ ...cursor, after: orderOf(last) }), nextSyncToken: null };
    }
    return { events, nextPageToken: null, nextSyncToken: encode({ ...cursor, since: null, after: null }) };
  }
}
