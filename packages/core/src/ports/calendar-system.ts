import type { CalendarEvent, EventDraft, EventPage, EventPatch } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { Result } from '../result.js';
import type { CalendarCapabilities } from './capabilities.js';

/** Where a list goes on. Both null: a full list from its beginning. */
export interface ListCursor {
  readonly syncToken: string | null;
  readonly pageToken: string | null;
}

/**
 * A watch channel that is asked for: what is watched, and where notifications go
 * (docs/google-calendar.md#push-notifications).
 */
export interface WatchRequest {
  readonly calendarId: string;
  readonly channelId: string;
  /** Comes back with every notification and proves it is ours. */
  readonly token: string;
  readonly address: string;
  readonly ttlSeconds: number;
}

/** A watch channel that was opened: what it takes to close it, and when it ends by itself. */
export interface WatchGrant {
  readonly resourceId: string;
  readonly expiresAt: Instant;
}

/**
 * The calendars.
 *
 * Every call is one request and is not repeated by the adapter, save once after a refused access token. A write
 * that ends in `transient` may have taken effect. No call may throw, or last for ever: the adapter sets timeouts.
 */
export interface CalendarSystem {
  /** Name of the system in errors, logs and metrics: `google`. Default `calendars`. */
  readonly system?: string;

  /** What it can do beside the rest. What is not given, it can. */
  readonly supports?: Partial<CalendarCapabilities>;

  /** Names the parameters `listEvents` sends besides the cursor: a sync token is bound to them. */
  readonly listParameters: string;

  /**
   * One page. With a sync token: what changed since, deletions included; `token-expired` when it is no longer good. A
   * calendar system without sync tokens is asked for full lists only.
   */
  listEvents(calendarId: string, cursor: ListCursor): Promise<Result<EventPage, SyncError>>;

  /**
   * One event. A deleted one is answered with `state: "gone"`; `not-found` when the calendar never had the id. Without
   * tombstones both are `not-found`, here and below.
   */
  getEvent(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>>;

  /** Creates under the given id. `conflict` when the id was ever used in this calendar (without tombstones: is used). */
  insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<Result<CalendarEvent, SyncError>>;

  /**
   * Changes the given fields. `conflict` when `ifMatch` is not the event's etag any more; null writes regardless.
   * `gone` when the event is deleted and the patch does not revive it.
   */
  patchEvent(
    calendarId: string,
    eventId: string,
    patch: EventPatch,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent, SyncError>>;

  /** Deletes. `gone` when it is deleted already; `conflict` when `ifMatch` is given and not the event's etag any more. */
  deleteEvent(calendarId: string, eventId: string, ifMatch?: string | null): Promise<Result<void, SyncError>>;

  /**
   * Moves to another calendar, under the same id. `gone` or `not-found` when it is not there to be moved. Left out: see
   * `supports`.
   */
  moveEvent?(calendarId: string, eventId: string, toCalendarId: string): Promise<Result<CalendarEvent, SyncError>>;

  /** Opens a watch channel. Left out: see `supports`. */
  watch?(request: WatchRequest): Promise<Result<WatchGrant, SyncError>>;

  /** Closes a watch channel; one that is not there any more is closed. Left out: see `supports`. */
  stopChannel?(channelId: string, resourceId: string): Promise<Result<void, SyncError>>;
}
