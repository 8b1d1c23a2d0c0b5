import type { CalendarEvent, EventDraft, EventPage, EventPatch } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import type { CalendarCapabilities } from './capabilities.js';

/** Position in a list. Both null: a full list from the start. */
export interface ListCursor {
  readonly syncToken: string | null;
  readonly pageToken: string | null;
}

/**
 * A request for a watch channel: what to watch, and the address of the notifications
 * (docs/google-calendar.md#push-notifications).
 */
export interface WatchRequest {
  readonly calendarId: string;
  readonly channelId: string;
  /** Contained in every notification. It proves that the notification belongs to our channel. */
  readonly token: string;
  readonly address: string;
  readonly ttlSeconds: number;
}

/** An open watch channel: the data that is needed to stop it, and its expiry. */
export interface WatchGrant {
  readonly resourceId: string;
  readonly expiresAt: Instant;
}

/**
 * The calendars.
 *
 * Every call is one request. The adapter does not repeat it, except once after a refused access token. A write that ends in
 * `transient` may have taken effect. A call must not throw and must end: the adapter sets timeouts.
 */
export interface CalendarSystem {
  /** Name of the system in errors, logs and metrics: `google`. Default `calendars`. */
  readonly system?: string;

  /** Optional capabilities. An absent capability counts as supported. */
  readonly supports?: Partial<CalendarCapabilities>;

  /** Fingerprint of the parameters that `listEvents` sends besides the cursor. A sync token is bound to them. */
  readonly listParameters: string;

  /** Returns the same text for all ids of one calendar. Absent: ids that differ name different calendars. */
  calendarKey?(calendarId: string): string;

  /**
   * Reads one page. With a sync token the list contains the changes since then, deletions included; `token-expired` if the
   * token is no longer valid. Without support for sync tokens the engine requests only full lists.
   */
  listEvents(calendarId: string, cursor: ListCursor): Promise<Result<EventPage, SyncError>>;

  /**
   * Reads one event. A deleted event is returned with `state: "gone"`; `not-found` if the calendar never had the id. Without
   * tombstones both are `not-found`, here and below.
   */
  getEvent(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>>;

  /** Creates an event with the given id. `conflict` if the id was ever used in this calendar (without tombstones: is in use). */
  insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<Result<CalendarEvent, SyncError>>;

  /**
   * Changes the given fields. `conflict` if `ifMatch` is not the current etag; with null no etag is checked. `gone` if the
   * event is deleted and the patch does not restore it.
   */
  patchEvent(
    calendarId: string,
    eventId: string,
    patch: EventPatch,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent, SyncError>>;

  /** Deletes an event. `gone` if it is deleted already; `conflict` if `ifMatch` is given and is not the current etag. */
  deleteEvent(calendarId: string, eventId: string, ifMatch?: string | null): Promise<Result<void, SyncError>>;

  /**
   * Moves an event to another calendar and keeps its id. `gone` or `not-found` if the event does not exist. Optional: see
   * `supports`.
   */
  moveEvent?(calendarId: string, eventId: string, toCalendarId: string): Promise<Result<CalendarEvent, SyncError>>;

  /** Opens a watch channel. Optional: see `supports`. */
  watch?(request: WatchRequest): Promise<Result<WatchGrant, SyncError>>;

  /** Stops a watch channel. A channel that no longer exists counts as stopped. Optional: see `supports`. */
  stopChannel?(channelId: string, resourceId: string): Promise<Result<void, SyncError>>;
}
