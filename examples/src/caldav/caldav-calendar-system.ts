import { Err, Ok, type CalendarEvent, type CalendarSystem, type Instant, type TimeZones } from '@loft/sync-core';
import type { Result, SyncError } from '@loft/sync-core';
import type { CalendarCapabilities, EventDraft, EventPage, EventPatch, ListCursor } from '@loft/sync-core/adapters';
import { normaliseText } from '@loft/sync-core/rules';
import { changedObject, eventOf, newObject } from './calendar-object.js';
import { DavFailure, failure, SYSTEM, toSyncError } from './dav-error.js';
import { DavSession, type DavAccount, type StoredObject } from './dav-session.js';

export interface CalDavOptions {
  readonly account: DavAccount;
  /** Zone of times that name none. */
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  /** Longest time that one call may take, in milliseconds. */
  readonly callTimeoutMs: number;
  readonly now: () => Instant;
}

/** Characters of the ids that the engine derives for its events. */
const EVENT_ID = /^[a-z0-9]+$/;

/**
 * The calendars of an account on a CalDAV server (RFC 4791). A calendar's id is the name of its collection in the account's
 * calendar home; an event's id is the name of its object without `.ics`.
 */
export class CalDavCalendarSystem implements CalendarSystem {
  readonly system: string = SYSTEM;
  readonly supports: CalendarCapabilities = { watch: false, move: false, syncToken: false, tombstones: false };
  readonly listParameters: string = 'calendar-query VEVENT';
  readonly #options: CalDavOptions;

  constructor(options: CalDavOptions) {
    this.#options = options;
  }

  async listEvents(calendarId: string, { syncToken }: ListCursor): Promise<Result<EventPage, SyncError>> {
    if (syncToken !== null) return Err(failure('listEvents', 'token-expired', 'there are no sync tokens'));
    return this.#call('listEvents', async (dav) => {
      const { name: summary, writable, objects } = await dav.list(calendarId);
      const events = objects.map((object) => this.#eventOf(calendarId, object));
      return Ok({ events, nextPageToken: null, nextSyncToken: null, writable, timeZone: null, summary });
    });
  }

  async getEvent(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>> {
    return this.#call('getEvent', async (dav) => Ok(this.#eventOf(calendarId, await dav.read(calendarId, eventId))));
  }

  async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<Result<CalendarEvent, SyncError>> {
    if (!EVENT_ID.test(eventId)) return Err(failure('insertEvent', 'invalid', `"${eventId}" is not an id of an event`));
    if (draft.end <= draft.start) return Err(failure('insertEvent', 'invalid', 'the event ends before it starts'));
    return this.#call('insertEvent', async (dav) => {
      const text = newObject(eventId, draft, this.#options.now());
      const etag = await dav.put(calendarId, eventId, text, null);
      return this.#readBack('insertEvent', dav, calendarId, eventId, text, etag);
    });
  }

  async patchEvent(
    calendarId: string,
    eventId: string,
    patch: EventPatch,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent, SyncError>> {
    return this.#call('patchEvent', async (dav) => {
      const before = await dav.read(calendarId, eventId);
      if (ifMatch !== null && ifMatch !== before.etag) throw new DavFailure(412);
      const text = changedObject(before.text, patch, this.#options.now());
      const etag = await dav.put(calendarId, eventId, text, before.etag);
      return this.#readBack('patchEvent', dav, calendarId, eventId, text, etag);
    });
  }

  async deleteEvent(
    calendarId: string,
    eventId: string,
    ifMatch: string | null = null,
  ): Promise<Result<void, SyncError>> {
    return this.#call('deleteEvent', async (dav) => {
      await dav.delete(calendarId, eventId, ifMatch);
      return Ok(undefined);
    });
  }

  /** Runs the requests of a call within its time. Everything that is thrown becomes an error value. */
  async #call<T>(
    method: string,
    requests: (dav: DavSession) => Promise<Result<T, SyncError>>,
  ): Promise<Result<T, SyncError>> {
    const { account, callTimeoutMs } = this.#options;
    try {
      return await requests(new DavSession(account, callTimeoutMs));
    } catch (thrown) {
      return Err(toSyncError(method, thrown));
    }
  }

  #eventOf(calendarId: string, object: StoredObject): CalendarEvent {
    const { timeZone, timeZones } = this.#options;
    const event = eventOf(object, calendarId, timeZone, timeZones);
    if (event === null) throw new DavFailure(404);
    return event;
  }

  /**
   * Reads the event after a write, with the server's etag. The etag of another change must not count as that of our write,
   * or the change would go unseen. So an event that is no longer as we wrote it is `transient`: the write is checked again.
   */
  async #readBack(
    method: string,
    dav: DavSession,
    calendarId: string,
    eventId: string,
    text: string,
    etag: string | null,
  ): Promise<Result<CalendarEvent, SyncError>> {
    try {
      const stored = await dav.read(calendarId, eventId);
      const event = this.#eventOf(calendarId, stored);
      const isOurs =
        etag === null ? isSame(event, this.#eventOf(calendarId, { ...stored, text })) : etag === stored.etag;
      return isOurs ? Ok(event) : Err(failure(method, 'transient', 'the event was changed after the write'));
    } catch (thrown) {
      return Err({ ...toSyncError(method, thrown), kind: 'transient' });
    }
  }
}

/** Do two readings show the same content? Servers may change line ends. */
function isSame(one: CalendarEvent, other: CalendarEvent): boolean {
  const [a, b] = [one, other].map(({ start, end, title, description, free, marks }) =>
    JSON.stringify([start, end, normaliseText(title), normaliseText(description), free, marks]),
  );
  return a === b;
}
