import { Err, Ok, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import type { GoogleMethod } from './call-log.js';
import { showChannel } from './channel.js';
import type { Channels } from './channels.js';
import { showEvent } from './event-resource.js';
import type { EventStore } from './event-store.js';
import type { JsonObject } from './json.js';
import type { Route } from './routes.js';
import type { StoredEvent, TombstoneStyle } from './stored-event.js';
import type { SyncLog } from './sync-log.js';

/** What the service account may do with a calendar. `none`: it is not shared with it. */
export type AccessRole = 'none' | 'reader' | 'writer' | 'owner';

export interface ApiRequest {
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly ifMatch: string | null;
  readonly body: JsonObject;
}

export interface ApiAnswer {
  readonly status: number;
  /** null: no content. */
  readonly body: object | null;
}

export interface CalendarApiOptions {
  readonly store: EventStore;
  readonly log: SyncLog;
  readonly channels: Channels;
  readonly tombstones: TombstoneStyle;
  readonly rootUrl: () => string;
}

type Answer = Result<ApiAnswer, ApiError>;

const NO_CONTENT: ApiAnswer = { status: 204, body: null };

/** The methods of the API as an authorised service account meets them: access, then the change, then its answer. */
export class CalendarApi {
  readonly #options: CalendarApiOptions;
  readonly #roles = new Map<string, AccessRole>();

  constructor(options: CalendarApiOptions) {
    this.#options = options;
  }

  share(calendarId: string, role: AccessRole): void {
    this.#roles.set(calendarId, role);
  }

  answer(request: ApiRequest): Answer {
    const { route, query, ifMatch, body } = request;
    const { store } = this.#options;
    const calendarId = route.calendarId ?? '';
    const eventId = route.eventId ?? '';
    const show = (outcome: Result<StoredEvent, ApiError>): Answer => this.#show(calendarId, outcome);
    const methods: Readonly<Record<GoogleMethod, () => Answer>> = {
      'events.list': () => this.#read(calendarId, () => this.#list(calendarId, query)),
      'events.get': () => this.#read(calendarId, () => show(store.get(calendarId, eventId))),
      'events.watch': () => this.#read(calendarId, () => this.#watch(calendarId, body)),
      'events.insert': () => this.#write(calendarId, () => show(store.insert(calendarId, body))),
      'events.patch': () => this.#write(calendarId, () => show(store.patch(calendarId, eventId, body, ifMatch))),
      'events.update': () => this.#write(calendarId, () => show(store.replace(calendarId, eventId, body, ifMatch))),
      'events.delete': () =>
        this.#write(calendarId, () => store.remove(calendarId, eventId, ifMatch).map(() => NO_CONTENT)),
      'events.move': () => this.#write(calendarId, () => this.#move(calendarId, eventId, query.get('destination'))),
      'channels.stop': () => this.#options.channels.stop(body).map(() => NO_CONTENT),
      // Another server's.
      'oauth2.token': () => Err(apiErrors.notFound()),
    };
    return methods[route.method]();
  }

  #read(calendarId: string, next: () => Answer): Answer {
    return this.#roleOf(calendarId) === 'none' ? Err(apiErrors.notFound()) : next();
  }

  #write(calendarId: string, next: () => Answer): Answer {
    return this.#read(calendarId, () =>
      this.#roleOf(calendarId) === 'reader' ? Err(apiErrors.writerNeeded()) : next(),
    );
  }

  #roleOf(calendarId: string): AccessRole {
    return this.#options.store.hasCalendar(calendarId) ? (this.#roles.get(calendarId) ?? 'none') : 'none';
  }

  #show(calendarId: string, outcome: Result<StoredEvent, ApiError>): Answer {
    return outcome.map((event) => ({ status: 200, body: showEvent(event, calendarId, this.#options.tombstones) }));
  }

  #list(calendarId: string, query: URLSearchParams): Answer {
    return this.#options.log.list(calendarId, query).map(({ events, nextPageToken, nextSyncToken }) => ({
      status: 200,
      body: {
        kind: 'calendar#events',
        summary: calendarId,
        timeZone: 'UTC',
        accessRole: this.#roleOf(calendarId),
        items: events.map((event) => showEvent(event, calendarId, this.#options.tombstones)),
        ...(nextPageToken === null ? {} : { nextPageToken }),
        ...(nextSyncToken === null ? {} : { nextSyncToken }),
      },
    }));
  }

  #move(calendarId: string, eventId: string, destination: string | null): Answer {
    if (destination === null) return Err(apiErrors.required('Required parameter: destination'));
    return this.#write(destination, () =>
      this.#show(destination, this.#options.store.move(calendarId, eventId, destination)),
    );
  }

  #watch(calendarId: string, body: JsonObject): Answer {
    const path = `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?alt=json`;
    const channel = this.#options.channels.watch(calendarId, `${this.#options.rootUrl()}${path}`, body);
    return channel.andThen((opened) => Ok({ status: 200, body: showChannel(opened) }));
  }
}
