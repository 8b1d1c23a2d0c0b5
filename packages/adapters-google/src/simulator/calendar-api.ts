import { Err, Ok, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { showCalendar, showListEntry, type CalendarDirectory } from './calendar-directory.js';
import type { GoogleMethod } from './call-log.js';
import { showChannel } from './channel.js';
import type { Channels } from './channels.js';
import { writableFields } from './event-fields.js';
import type { EventResources, ShownIn } from './event-resource.js';
import type { EventStore } from './event-store.js';
import { answerFreeBusy } from './free-busy.js';
import type { JsonObject } from './json.js';
import type { Route } from './routes.js';
import type { StoredEvent } from './stored-event.js';
import type { ListPage, SyncLog } from './sync-log.js';
import { RUNTIME_ZONES, type ZoneOffset } from './zone-times.js';

export interface ApiRequest {
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly ifMatch: string | null;
  readonly body: JsonObject;
}

export interface ApiAnswer {
  readonly status: number;
  /** null: no content. */
  readonly body: JsonObject | null;
}

export interface CalendarApiOptions {
  readonly store: EventStore;
  readonly directory: CalendarDirectory;
  readonly resources: EventResources;
  readonly log: SyncLog;
  readonly channels: Channels;
  readonly offset: ZoneOffset;
  /** Address of the service account. */
  readonly account: string;
  readonly rootUrl: () => string;
}

type Answer = Result<ApiAnswer, ApiError>;
type Handler = (request: ApiRequest, calendarId: string, eventId: string) => Answer;

const NO_CONTENT: ApiAnswer = { status: 204, body: null };

function ok(body: object): ApiAnswer {
  return { status: 200, body: body as JsonObject };
}

/** The writable part of a body, and the values that are stored apart from the fields. */
function writeOf(body: JsonObject): JsonObject {
  const { id, status } = body;
  return { ...writableFields(body), ...(id === undefined ? {} : { id }), ...(status === undefined ? {} : { status }) };
}

/** The methods of the API for an authorised service account: access check, change, answer. */
export class CalendarApi {
  readonly #options: CalendarApiOptions;
  readonly #handlers: Readonly<Record<GoogleMethod, Handler>>;

  constructor(options: CalendarApiOptions) {
    this.#options = options;
    const { store, channels, directory } = options;
    this.#handlers = {
      'events.list': (request, id) => this.#read(id, () => this.#list(request, id)),
      'events.instances': (request, id, event) => this.#read(id, () => this.#instances(request, id, event)),
      'events.get': (request, id, event) => this.#read(id, () => this.#show(request, id, store.read(id, event))),
      'events.watch': ({ body }, id) => this.#read(id, () => this.#watch(id, body)),
      'events.insert': (request, id) =>
        this.#change(request, id, (body) => store.insert(id, body, { email: options.account })),
      'events.patch': (request, id, event) =>
        this.#change(request, id, (body) => store.patch(id, event, body, request.ifMatch)),
      'events.update': (request, id, event) =>
        this.#change(request, id, (body) => store.replace(id, event, body, request.ifMatch)),
      'events.delete': ({ ifMatch }, id, event) =>
        this.#write(id, () => store.remove(id, event, ifMatch).map(() => NO_CONTENT)),
      'events.move': (request, id, event) => this.#write(id, () => this.#move(request, id, event)),
      'channels.stop': ({ body }) => channels.stop(body).map(() => NO_CONTENT),
      'calendarList.list': ({ query }) => directory.list(query).map(ok),
      'calendarList.get': (_request, id) => this.#describe(id, showListEntry),
      'calendars.get': (_request, id) => this.#describe(id, showCalendar),
      'freebusy.query': ({ body }) => {
        const eventsOf = (id: string) => (this.#roleOf(id) === 'none' ? null : store.calendar(id));
        return answerFreeBusy(body, { eventsOf, offset: options.offset }).map(ok);
      },
      // Answered by another server.
      'oauth2.token': () => Err(apiErrors.notFound()),
    };
  }

  answer(request: ApiRequest): Answer {
    const { method, calendarId, eventId } = request.route;
    return this.#handlers[method](request, calendarId ?? '', eventId ?? '');
  }

  #read(calendarId: string, next: () => Answer): Answer {
    return this.#roleOf(calendarId) === 'none' ? Err(apiErrors.notFound()) : next();
  }

  #write(calendarId: string, next: () => Answer): Answer {
    return this.#read(calendarId, () =>
      this.#roleOf(calendarId) === 'reader' ? Err(apiErrors.writerNeeded()) : next(),
    );
  }

  #roleOf(calendarId: string): ReturnType<CalendarDirectory['roleOf']> {
    return this.#options.directory.roleOf(calendarId);
  }

  #describe(calendarId: string, show: typeof showCalendar): Answer {
    const info = this.#options.directory.get(calendarId);
    return info && info.role !== 'none' ? Ok(ok(show(info))) : Err(apiErrors.notFound());
  }

  #change(
    { body, route, query }: ApiRequest,
    calendarId: string,
    write: (body: JsonObject) => Result<StoredEvent, ApiError>,
  ): Answer {
    return this.#write(calendarId, () => {
      const wanted = writeOf(body);
      if (route.method === 'events.insert' && wanted['eventType'] === 'fromGmail') {
        return Err(apiErrors.eventTypeRestriction());
      }
      const { attendees } = wanted;
      if (Array.isArray(attendees) && attendees.length > 0) return Err(apiErrors.noAttendees());
      return this.#show({ query }, calendarId, write(wanted));
    });
  }

  #shownIn(calendarId: string, query: URLSearchParams): Result<ShownIn, ApiError> {
    const { directory } = this.#options;
    const timeZone = query.get('timeZone') ?? directory.zoneOf(calendarId);
    if (!RUNTIME_ZONES.isZone(timeZone)) return Err(apiErrors.invalidParameter('timeZone', 'Invalid time zone.'));
    return Ok({ calendarId, summary: directory.get(calendarId)?.summary ?? calendarId, timeZone });
  }

  #show({ query }: Pick<ApiRequest, 'query'>, calendarId: string, outcome: Result<StoredEvent, ApiError>): Answer {
    return this.#shownIn(calendarId, query).andThen((shownIn) =>
      outcome.map((event) => ok(this.#options.resources.show(event, shownIn))),
    );
  }

  #list({ query }: ApiRequest, calendarId: string): Answer {
    return this.#options.log.list(calendarId, query).andThen((page) => this.#showPage(page, calendarId, query));
  }

  #instances({ query }: ApiRequest, calendarId: string, eventId: string): Answer {
    const page = this.#options.log.instances(calendarId, eventId, query);
    return page.andThen((found) => this.#showPage(found, calendarId, query));
  }

  #showPage({ events, nextPageToken, nextSyncToken }: ListPage, calendarId: string, query: URLSearchParams): Answer {
    const { directory, resources, store } = this.#options;
    return this.#shownIn(calendarId, query).map((shownIn) => {
      const info = directory.get(calendarId);
      return ok({
        kind: 'calendar#events',
        etag: `"p${store.revision.toString(32).padStart(16, '0')}"`,
        summary: info?.summary ?? '',
        description: info?.description ?? '',
        updated: new Date(store.calendar(calendarId).updatedAt).toISOString(),
        timeZone: shownIn.timeZone,
        accessRole: this.#roleOf(calendarId),
        defaultReminders: [],
        ...(nextPageToken === null ? {} : { nextPageToken }),
        ...(nextSyncToken === null ? {} : { nextSyncToken }),
        items: events.map((event) => resources.show(event, shownIn)),
      });
    });
  }

  #move({ query }: ApiRequest, calendarId: string, eventId: string): Answer {
    const destination = query.get('destination');
    if (destination === null) return Err(apiErrors.requiredParameter('destination'));
    return this.#write(destination, () =>
      this.#show({ query }, destination, this.#options.store.move(calendarId, eventId, destination)),
    );
  }

  #watch(calendarId: string, body: JsonObject): Answer {
    const path = `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events?alt=json`;
    const channel = this.#options.channels.watch(calendarId, `${this.#options.rootUrl()}${path}`, body);
    return channel.map((opened) => ok(showChannel(opened)));
  }
}
