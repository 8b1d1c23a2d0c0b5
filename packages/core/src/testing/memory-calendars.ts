import type { CalendarEvent, EventDraft, EventPage, EventPatch } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError, SyncErrorKind } from '../domain/sync-error.js';
import type { ChannelNotification } from '../domain/watch-channel.js';
import type { CalendarSystem, ListCursor, WatchGrant, WatchRequest } from '../ports/calendar-system.js';
import type { CalendarCapabilities } from '../ports/capabilities.js';
import type { Clock } from '../ports/clock.js';
import { Err, Ok, type Result } from '../result.js';
import type { CalendarPerson } from './calendar-person.js';
import { MemoryAccesses, type MemoryAccess } from './memory-calendars/memory-access.js';
import { mannerOf, type MemoryCalendarsOptions } from './memory-calendars/memory-calendars-options.js';
import { MemoryChannels, type MemoryChannel } from './memory-calendars/memory-channels.js';
import { changesOf, insertedFields, showMemoryEvent, type MemoryManner } from './memory-calendars/memory-event.js';
import { MemoryEventStore, type Outcome } from './memory-calendars/memory-event-store.js';
import { MemoryPerson } from './memory-calendars/memory-person.js';
import type { MemoryWrite, WriteMethod } from './memory-calendars/memory-write.js';

export type { MemoryAccess } from './memory-calendars/memory-access.js';
export type { MemoryCalendarsOptions } from './memory-calendars/memory-calendars-options.js';
export type { MemoryChannel } from './memory-calendars/memory-channels.js';
export type { MemoryWrite, WriteMethod } from './memory-calendars/memory-write.js';

/**
 * The calendars in memory, with the semantics of docs/google-calendar.md. Users act through `person`. It never fails by
 * itself: decorators add faults.
 */
export class MemoryCalendars implements CalendarSystem {
  readonly system = 'google';
  readonly supports: CalendarCapabilities;
  readonly listParameters: string = 'all';
  readonly person: CalendarPerson;
  /** Receives every notification. May be changed at any time. */
  onNotification: ((notification: ChannelNotification) => void) | undefined;
  readonly #clock: Clock;
  readonly #store: MemoryEventStore;
  readonly #channels: MemoryChannels;
  readonly #access = new MemoryAccesses();
  readonly #manner: MemoryManner;
  readonly #writes: MemoryWrite[] = [];

  constructor(options: MemoryCalendarsOptions) {
    const { clock, calendars = [], notificationDelayMs = 0 } = options;
    this.#clock = clock;
    this.#manner = mannerOf(options);
    this.supports = { watch: true, move: true, syncToken: true, tombstones: true, ...options.supports };
    this.onNotification = options.onNotification;
    this.#channels = new MemoryChannels(clock, notificationDelayMs, (it) => this.onNotification?.(it));
    this.#store = new MemoryEventStore(
      () => clock.now(),
      (calendarId) => this.#channels.changed(calendarId),
    );
    this.person = new MemoryPerson(this.#store, (method, calendarId, eventId) =>
      this.#log('person', method, calendarId, eventId),
    );
    for (const calendarId of calendars) this.addCalendar(calendarId);
  }

  // -- for tests ------------------------------------------------------------------------------------------------
  /** Creates a calendar, or changes our access to an existing one. */
  addCalendar(calendarId: string, access: MemoryAccess = 'writer'): void {
    this.#store.addCalendar(calendarId);
    this.#access.set(calendarId, access);
  }

  /** Deletes a calendar with its events. */
  removeCalendar(calendarId: string): void {
    this.#store.removeCalendar(calendarId);
    this.#access.set(calendarId, null);
  }

  /** Removes the events that were deleted before this time permanently. */
  purgeDeleted(before: Instant): void {
    this.#store.purgeDeleted(before);
  }

  /** Is the event deleted, and can it be restored? */
  isInBin(calendarId: string, eventId: string): boolean {
    return this.#store
      .get(calendarId, eventId)
      .map(({ deleted }) => deleted)
      .unwrapOr(false);
  }

  /** `none` removes our access. */
  shareCalendar(calendarId: string, access: MemoryAccess): void {
    if (this.#store.hasCalendar(calendarId)) this.#access.set(calendarId, access);
  }

  /** Returns the events of a calendar that are not deleted. */
  events(calendarId: string): readonly CalendarEvent[] {
    const live = this.#store.all(calendarId).filter(({ deleted }) => !deleted);
    return live.map((event) => showMemoryEvent(event, calendarId, this.#manner));
  }

  /** The writes that took effect, in order. */
  get writes(): readonly MemoryWrite[] {
    return this.#writes;
  }

  /** Number of writes of the service. */
  get writeCount(): number {
    return this.#writes.filter(({ by }) => by === 'service').length;
  }

  get channels(): readonly MemoryChannel[] {
    return this.#channels.open;
  }

  /** Makes all tokens answer `token-expired`. By default full lists no longer contain the current tombstones. */
  expireSyncTokens({ forgetDeleted = true }: { readonly forgetDeleted?: boolean } = {}): void {
    this.#store.expireTokens(forgetDeleted);
  }

  /** Loses the next `count` notifications. */
  dropNotifications(count: number): void {
    this.#channels.drop(count);
  }

  /** Ends all watch channels: no more notifications are sent. */
  expireChannels(): void {
    this.#channels.expireAll();
  }

  /** Stops all timers. */
  close(): void {
    this.#channels.close();
  }

  // -- the port -------------------------------------------------------------------------------------------------
  async listEvents(calendarId: string, cursor: ListCursor): Promise<Result<EventPage, SyncError>> {
    const access = this.#access.of(calendarId);
    if (access === 'none') return fail('events.list', 'not-found');
    const { syncToken, tombstones } = this.supports;
    if (!syncToken && cursor.syncToken !== null) return fail('events.list', 'invalid');
    const page = this.#store.list(calendarId, cursor, this.#manner.pageSize);
    if (page.err) return fail('events.list', page.val);
    const isFull = cursor.syncToken === null;
    const listed = page.val.events.filter(({ deleted }) => !deleted || (tombstones && syncToken) || !isFull);
    const events = listed.map((event) => showMemoryEvent(event, calendarId, this.#manner));
    const about = { writable: access === 'writer', timeZone: this.#manner.timeZone, summary: calendarId };
    const nextSyncToken = syncToken ? page.val.nextSyncToken : null;
    return Ok({ ...page.val, ...about, events, nextSyncToken });
  }

  async getEvent(calendarId: string, eventId: string): Promise<Result<CalendarEvent, SyncError>> {
    if (this.#access.of(calendarId) === 'none') return fail('events.get', 'not-found');
    if (this.#isForgotten(calendarId, eventId)) return fail('events.get', 'not-found');
    return this.#answer('events.get', calendarId, this.#store.get(calendarId, eventId));
  }

  async insertEvent(calendarId: string, eventId: string, draft: EventDraft): Promise<Result<CalendarEvent, SyncError>> {
    const refusal = this.#access.refusal(calendarId);
    if (refusal) return fail('events.insert', refusal);
    const fields = insertedFields(draft, this.#manner);
    if (this.#isForgotten(calendarId, eventId)) {
      const again = this.#store.change(calendarId, eventId, fields, null);
      return this.#written('insert', calendarId, calendarId, again);
    }
    return this.#written('insert', calendarId, calendarId, this.#store.insert(calendarId, eventId, fields));
  }

  async patchEvent(
    calendarId: string,
    eventId: string,
    patch: EventPatch,
    ifMatch: string | null,
  ): Promise<Result<CalendarEvent, SyncError>> {
    const refusal = this.#access.refusal(calendarId);
    if (refusal) return fail('events.patch', refusal);
    const old = this.#store.get(calendarId, eventId);
    if (old.err) return fail('events.patch', old.val);
    if (this.#isForgotten(calendarId, eventId)) return fail('events.patch', 'not-found');
    if (ifMatch !== null && ifMatch !== old.val.etag) return fail('events.patch', 'conflict');
    if (old.val.deleted && !patch.revive) return fail('events.patch', 'gone');
    const outcome = this.#store.change(calendarId, eventId, changesOf(patch, old.val), ifMatch);
    return this.#written('patch', calendarId, calendarId, outcome);
  }

  async deleteEvent(
    calendarId: string,
    eventId: string,
    ifMatch: string | null = null,
  ): Promise<Result<void, SyncError>> {
    const refusal = this.#access.refusal(calendarId);
    if (refusal) return fail('events.delete', refusal);
    if (this.#isForgotten(calendarId, eventId)) return fail('events.delete', 'not-found');
    const deleted = this.#written('delete', calendarId, calendarId, this.#store.remove(calendarId, eventId, ifMatch));
    return deleted.map(() => undefined);
  }

  async moveEvent(
    calendarId: string,
    eventId: string,
    toCalendarId: string,
  ): Promise<Result<CalendarEvent, SyncError>> {
    const refusal = this.#access.refusal(calendarId) ?? this.#access.refusal(toCalendarId);
    if (refusal) return fail('events.move', refusal);
    return this.#written('move', calendarId, toCalendarId, this.#store.move(calendarId, eventId, toCalendarId));
  }

  async watch(request: WatchRequest): Promise<Result<WatchGrant, SyncError>> {
    if (this.#access.of(request.calendarId) === 'none') return fail('events.watch', 'not-found');
    const grant = this.#channels.watch(request);
    return grant ? Ok(grant) : fail('events.watch', 'invalid');
  }

  async stopChannel(channelId: string, resourceId: string): Promise<Result<void, SyncError>> {
    this.#channels.stop(channelId, resourceId);
    return Ok(undefined);
  }

  /** Deletes an event in calendars that keep no tombstones. */
  #isForgotten(calendarId: string, eventId: string): boolean {
    if (this.supports.tombstones) return false;
    const event = this.#store.get(calendarId, eventId);
    return event.ok && event.val.deleted;
  }

  #written(
    method: WriteMethod,
    calendarId: string,
    shownIn: string,
    outcome: Outcome,
  ): Result<CalendarEvent, SyncError> {
    if (outcome.ok) this.#log('service', method, calendarId, outcome.val.eventId);
    return this.#answer(`events.${method}`, shownIn, outcome);
  }

  #answer(method: string, calendarId: string, outcome: Outcome): Result<CalendarEvent, SyncError> {
    return outcome.ok ? Ok(showMemoryEvent(outcome.val, calendarId, this.#manner)) : fail(method, outcome.val);
  }

  #log(by: MemoryWrite['by'], method: WriteMethod, calendarId: string, eventId: string): void {
    this.#writes.push({ by, method, calendarId, eventId, at: this.#clock.now() });
  }
}

function fail(method: string, kind: SyncErrorKind): Err<SyncError> {
  return Err({ kind, system: 'google', method, message: `${method}: ${kind}` });
}
