import {
  Err,
  Ok,
  intlTimeZones,
  SECOND,
  type CalendarEvent,
  type CalendarSystem,
  type Instant,
  type Result,
  type SyncError,
  type TimeZones,
} from '@loft/sync-core';
import type { EventDraft, EventPage, EventPatch, ListCursor, WatchGrant, WatchRequest } from '@loft/sync-core/adapters';
import { createHttpClient } from '@loft/sync-http';
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { AccessTokens } from './auth/access-tokens.js';
import { tokensOf } from './auth/credentials.js';
import { unreadableAnswer } from './errors/google-error.js';
import { fromGoogleEvent, toInsertBody, toPatchBody } from './events/event-mapping.js';
import { readEventPage } from './events/event-page.js';
import { DEFAULT_CALL_TIMEOUT_MS, type GoogleCalendarOptions } from './google-calendar-options.js';
import { GoogleCaller } from './google-caller.js';

/** Parameters of every list, full or incremental: a sync token is bound to them. */
const LIST_PARAMETERS = { maxResults: 2500, showDeleted: true, singleEvents: false } as const;

/** A mirror has no attendees, and no mail is sent about it. */
const SILENT = { sendUpdates: 'none' } as const;

class GoogleCalendarSystem implements Required<CalendarSystem> {
  readonly system = 'google';
  readonly supports = { watch: true, move: true, syncToken: true, tombstones: true } as const;
  readonly listParameters: string = Object.entries(LIST_PARAMETERS)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  readonly #api: calendar_v3.Calendar;
  readonly #caller: GoogleCaller;
  readonly #zone: string;
  readonly #timeZones: TimeZones;
  readonly #now: () => Instant;

  constructor(options: GoogleCalendarOptions) {
    const now = options.now ?? Date.now;
    const timeoutMs = options.callTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS;
    const http = options.http ?? createHttpClient();
    const tokens = new AccessTokens(tokensOf(options.credentials, { http, timeoutMs, now }), now);
    this.#api = calendar({
      version: 'v3',
      ...(options.rootUrl === undefined ? {} : { rootUrl: options.rootUrl }),
    });
    this.#caller = new GoogleCaller({ tokens, http, timeoutMs, now });
    this.#zone = options.timeZone;
    this.#timeZones = options.timeZones ?? intlTimeZones();
    this.#now = now;
  }

  /** Ids of calendars are addresses: capitals make no difference. */
  calendarKey(calendarId: string): string {
    return calendarId.toLowerCase();
  }

  async listEvents(calendarId: string, cursor: ListCursor): Promise<Result<EventPage, SyncError>> {
    const params = {
      calendarId,
      ...LIST_PARAMETERS,
      ...(cursor.syncToken === null ? {} : { syncToken: cursor.syncToken }),
      ...(cursor.pageToken === null ? {} : { pageToken: cursor.pageToken }),
    };
    const answer = await this.#caller.call('events.list', (options) => this.#api.events.list(params, options));
    return answer.andThen((body) =>
      readEventPage(body, { calendarId, pageToken: cursor.pageToken }, this.#zone, this.#timeZones),
    );
  }

  async getEvent(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>> {
    const params = { calendarId, eventId };
    const answer = await this.#caller.call('events.get', (options) => this.#api.events.get(params, options));
    return this.#event('events.get', answer, calendarId, eventId);
  }

  async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<Result<CalendarEvent, SyncError>> {
    const params = { calendarId, ...SILENT, requestBody: toInsertBody(eventId, draft, this.#zone, this.#timeZones) };
    const answer = await this.#caller.call('events.insert', (options) => this.#api.events.insert(params, options));
    return this.#event('events.insert', answer, calendarId);
  }

  async patchEvent(
    calendarId: string,
    eventId: string,
    patch: EventPatch,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent, SyncError>> {
    const params = { calendarId, eventId, ...SILENT, requestBody: toPatchBody(patch, this.#zone, this.#timeZones) };
    const answer = await this.#caller.call(
      'events.patch',
      (options) => this.#api.events.patch(params, options),
      ifMatch,
    );
    const patched = this.#event('events.patch', answer, calendarId, eventId);
    // A patch of a deleted event changes its fields, leaves it deleted, and is answered as a success.
    return patched.ok && patched.val.state === 'gone' ? Err(stillDeleted()) : patched;
  }

  async deleteEvent(
    calendarId: string,
    eventId: string,
    ifMatch: string | null = null,
  ): Promise<Result<void, SyncError>> {
    const params = { calendarId, eventId, ...SILENT };
    const answer = await this.#caller.call(
      'events.delete',
      (options) => this.#api.events.delete(params, options),
      ifMatch,
    );
    return answer.map(() => undefined);
  }

  async moveEvent(
    calendarId: string,
    eventId: string,
    toCalendarId: string,
  ): Promise<Result<CalendarEvent, SyncError>> {
    const params = { calendarId, eventId, destination: toCalendarId, ...SILENT };
    const answer = await this.#caller.call('events.move', (options) => this.#api.events.move(params, options));
    return this.#event('events.move', answer, toCalendarId, eventId);
  }

  async watch(request: WatchRequest): Promise<Result<WatchGrant, SyncError>> {
    const params = {
      calendarId: request.calendarId,
      requestBody: {
        id: request.channelId,
        type: 'web_hook',
        address: request.address,
        token: request.token,
        params: { ttl: String(request.ttlSeconds) },
      },
    };
    const answer = await this.#caller.call('events.watch', (options) => this.#api.events.watch(params, options));
    return answer.andThen((body) => this.#grant(body, request.ttlSeconds));
  }

  async stopChannel(channelId: string, resourceId: string): Promise<Result<void, SyncError>> {
    const params = { requestBody: { id: channelId, resourceId } };
    const answer = await this.#caller.call('channels.stop', (options) => this.#api.channels.stop(params, options));
    if (!answer.ok && answer.val.kind === 'not-found') return Ok(undefined);
    return answer.map(() => undefined);
  }

  /** @param eventId the event that the answer must be about; absent: any, because a server may choose the id of an insert */
  #event(
    method: string,
    answer: Result<unknown, SyncError>,
    calendarId: string,
    eventId?: string,
  ): Result<CalendarEvent, SyncError> {
    return answer.andThen((body) => {
      const event = fromGoogleEvent(body, calendarId, this.#zone, this.#timeZones);
      if (!event) return Err(unreadableAnswer(method, 'it is not an event', body));
      if (eventId === undefined || event.eventId === eventId) return Ok(event);
      return Err(unreadableAnswer(method, `it is about event ${event.eventId}, not ${eventId}`, body));
    });
  }

  #grant(body: unknown, ttlSeconds: number): Result<WatchGrant, SyncError> {
    const channel: calendar_v3.Schema$Channel = typeof body === 'object' && body !== null ? body : {};
    if (typeof channel.resourceId !== 'string' || channel.resourceId === '') {
      return Err(unreadableAnswer('events.watch', 'it has no resource id', body));
    }
    const expiration = Number(channel.expiration ?? Number.NaN);
    const expiresAt = expiration > 0 ? expiration : this.#now() + ttlSeconds * SECOND;
    return Ok({ resourceId: channel.resourceId, expiresAt });
  }
}

function stillDeleted(): SyncError {
  return { kind: 'gone', system: 'google', method: 'events.patch', message: 'the event is deleted', reason: 'deleted' };
}

/** Google Calendar as the engine's `CalendarSystem`. Makes no request before the first call. */
export function createGoogleCalendarSystem(options: GoogleCalendarOptions): Required<CalendarSystem> {
  return new GoogleCalendarSystem(options);
}
