import { DAY, Err, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { readEventQuery, type EventQuery } from './event-query.js';
import type { EventStore } from './event-store.js';
import { instantOf, instantOfParameter, spanOf } from './event-times.js';
import { decodeCursor, encodeCursor, type ListCursor } from './list-cursor.js';
import { changes, fullList, openInstances, sortedList, type ListedItem } from './listed-items.js';
import { isSeries, type InstanceRange } from './series.js';
import { isCancelled, type StoredEvent } from './stored-event.js';

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

/** A list with one of these parameters has no sync token. */
const NO_TOKEN_AFTER = NOT_WITH_TOKEN.filter((name) => name !== 'timeMin' && name !== 'timeMax');

/** Parameters of every Google API, which do not affect the result. */
const COMMON = ['access_token', 'alt', 'fields', 'key', 'oauth_token', 'prettyPrint', 'quotaUser', 'userIp'];

/** Parameters that need not be the same with a token. */
const NOT_BOUND: ReadonlySet<string> = new Set([...COMMON, ...NOT_WITH_TOKEN, 'syncToken', 'pageToken']);

/** Deleted events are kept for this long: an older `updatedMin` could miss some. */
const UPDATED_MIN_DAYS = 30;

const MOST_PER_PAGE = 2500;
const USUAL_PER_PAGE = 250;

export interface ListPage {
  readonly events: readonly StoredEvent[];
  readonly nextPageToken: string | null;
  readonly nextSyncToken: string | null;
}

function parametersOf(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => !NOT_BOUND.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&');
}

function isWithin({ fields }: StoredEvent, { from, to }: InstanceRange): boolean {
  const { start, end } = spanOf(fields);
  return (from === null || end > from) && (to === null || start < to);
}

function isAfter({ key, event }: ListedItem, after: ListCursor['after']): boolean {
  return after === null || key > after.key || (key === after.key && event.id > after.id);
}

/** Lists events, in full or what changed since a sync token, page by page. */
export class SyncLog {
  readonly #store: EventStore;
  readonly #pageCap: number;
  readonly #now: () => Instant;
  #generation = 1;

  /** @param pageCap maximum number of events on a page, also if the client requests more */
  constructor(store: EventStore, pageCap: number, now: () => Instant) {
    this.#store = store;
    this.#pageCap = pageCap;
    this.#now = now;
  }

  /** Invalidates all tokens. */
  expireTokens(): void {
    this.#generation += 1;
  }

  /** `events.list`. */
  list(calendarId: string, query: URLSearchParams): Result<ListPage, ApiError> {
    return this.#cursorOf(calendarId, query).andThen((cursor) =>
      readEventQuery(query).andThen((wanted) => {
        const isTooLongAgo = wanted.updatedMin !== null && wanted.updatedMin < this.#now() - UPDATED_MIN_DAYS * DAY;
        return isTooLongAgo ? Err(apiErrors.updatedMinTooLongAgo()) : Ok(this.#page(cursor, wanted, query));
      }),
    );
  }

  /** `events.instances`: the instances of a series, its exceptions included, in the order of their starts. */
  instances(calendarId: string, eventId: string, query: URLSearchParams): Result<ListPage, ApiError> {
    const events = this.#store.calendar(calendarId);
    const found = this.#store.get(calendarId, eventId);
    if (found.err) return found;
    const series = found.val;
    if (!isSeries(series)) return Err(apiErrors.invalid('The event is not a series.'));
    return this.#cursorOf(calendarId, query).andThen((cursor) =>
      readEventQuery(query).map(({ timeMin, timeMax, showDeleted }) => {
        const range: InstanceRange = { from: timeMin, to: timeMax };
        const exceptions = events
          .exceptionsOf(series.id)
          .filter((it) => (showDeleted || !isCancelled(it)) && isWithin(it, range));
        const original = instantOfParameter(query.get('originalStart') ?? '');
        const items = [...openInstances(events, series, { timeMin, timeMax }), ...exceptions]
          .filter(({ fields }) => original === null || instantOf(fields['originalStartTime']) === original)
          .map((event) => ({ event, key: spanOf(event.fields).start }))
          .toSorted((a, b) => a.key - b.key || (a.event.id < b.event.id ? -1 : 1));
        return this.#cut(cursor, items, query);
      }),
    );
  }

  #cursorOf(calendarId: string, query: URLSearchParams): Result<ListCursor, ApiError> {
    const syncToken = query.get('syncToken');
    const pageToken = query.get('pageToken');
    if (syncToken !== null) {
      const forbidden = NOT_WITH_TOKEN.find((name) => query.has(name));
      if (forbidden) return Err(apiErrors.badRequest(`${forbidden} cannot be used with syncToken.`));
      if (query.get('showDeleted') === 'false') return Err(apiErrors.badRequest('showDeleted must not be false.'));
    }
    const { generation, parameters } = { generation: this.#generation, parameters: parametersOf(query) };
    const upTo = this.#store.calendar(calendarId).listedUpTo() ?? this.#store.revision;
    const token = pageToken ?? syncToken;
    if (token === null) return Ok({ calendarId, generation, parameters, since: null, upTo, after: null });
    const cursor = decodeCursor(token);
    if (cursor?.calendarId !== calendarId || (cursor.after === null) !== (pageToken === null)) {
      return Err(apiErrors.invalidToken(pageToken === null ? 'syncToken' : 'pageToken'));
    }
    if (cursor.generation !== generation) return Err(apiErrors.fullSyncRequired());
    if (cursor.parameters !== parameters) {
      return Err(apiErrors.badRequest('The parameters must be the same as on the list the token came from.'));
    }
    if (pageToken !== null) return Ok(cursor);
    return Ok({ ...cursor, since: cursor.upTo, upTo: Math.max(upTo, cursor.upTo), after: null });
  }

  #page(cursor: ListCursor, wanted: EventQuery, query: URLSearchParams): ListPage {
    const { calendarId, since, upTo, after } = cursor;
    const events = this.#store.calendar(calendarId);
    if (since !== null) {
      if (!wanted.singleEvents) return this.#cut(cursor, changes(events, after?.key ?? since, upTo), query);
      const single = [...changes(events, since, upTo)].flatMap(({ event, key }) =>
        (isSeries(event) && !isCancelled(event) ? openInstances(events, event, wanted) : [event]).map((it) => ({
          event: it,
          key,
        })),
      );
      return this.#cut(cursor, single, query);
    }
    if (!wanted.singleEvents && wanted.orderBy === null) {
      return this.#cut(cursor, fullList(events, wanted, after?.key ?? 0), query);
    }
    return this.#cut(cursor, sortedList(events, wanted), query);
  }

  /** One page of a list that is in order, from the cursor on. */
  #cut(cursor: ListCursor, items: Iterable<ListedItem>, query: URLSearchParams): ListPage {
    const asked = Number(query.get('maxResults') ?? USUAL_PER_PAGE) || USUAL_PER_PAGE;
    const size = Math.max(1, Math.min(asked, MOST_PER_PAGE, this.#pageCap));
    const page: ListedItem[] = [];
    let hasMore = false;
    for (const item of items) {
      if (!isAfter(item, cursor.after)) continue;
      hasMore = page.length === size;
      if (hasMore) break;
      page.push(item);
    }
    const events = page.map(({ event }) => event);
    const last = page.at(-1);
    if (last && hasMore) {
      const after = { key: last.key, id: last.event.id };
      return { events, nextPageToken: encodeCursor({ ...cursor, after }), nextSyncToken: null };
    }
    if (NO_TOKEN_AFTER.some((name) => query.has(name))) return { events, nextPageToken: null, nextSyncToken: null };
    const nextSyncToken = encodeCursor({ ...cursor, since: null, after: null });
    return { events, nextPageToken: null, nextSyncToken };
  }
}
