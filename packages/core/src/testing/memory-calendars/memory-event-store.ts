import type { Instant } from '../../domain/instant.js';
import type { SyncErrorKind } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import type { MemoryEvent, MemoryFields } from './memory-event.js';

/** Why a change fails, as the error kind of the port. */
export type Outcome = Result<MemoryEvent, SyncErrorKind>;

/** Position in a list. Clients see an opaque text. */
interface Cursor {
  readonly calendarId: string;
  readonly generation: number;
  /** Only changes after this revision are listed. Null: all events. */
  readonly since: number | null;
  /** Revision at the time of the first page. */
  readonly upTo: number;
  /** Start of the next page. Null in a sync token. */
  readonly after: number | null;
}

export interface MemoryPage {
  readonly events: readonly MemoryEvent[];
  readonly nextPageToken: string | null;
  readonly nextSyncToken: string | null;
}

const EVENT_ID = /^[0-9a-v]{5,1024}$/;

/** The events of all calendars and the rules of changing and listing them, without access, channels or users. */
export class MemoryEventStore {
  readonly #now: () => Instant;
  readonly #onChange: (calendarId: string) => void;
  readonly #calendars = new Map<string, Map<string, MemoryEvent>>();
  #revision = 0;
  #generation = 1;

  constructor(now: () => Instant, onChange: (calendarId: string) => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  addCalendar(calendarId: string): void {
    if (!this.#calendars.has(calendarId)) this.#calendars.set(calendarId, new Map());
  }

  removeCalendar(calendarId: string): void {
    this.#calendars.delete(calendarId);
  }

  /** Removes the events that were deleted before this time. */
  purgeDeleted(before: Instant): void {
    for (const events of this.#calendars.values()) {
      for (const [id, { deleted, updatedAt }] of events) if (deleted && updatedAt < before) events.delete(id);
    }
  }

  hasCalendar(calendarId: string): boolean {
    return this.#calendars.has(calendarId);
  }

  /** Includes deleted events, in the order of their first appearance. */
  all(calendarId: string): readonly MemoryEvent[] {
    return [...(this.#calendars.get(calendarId)?.values() ?? [])];
  }

  get(calendarId: string, eventId: string): Outcome {
    const event = this.#calendars.get(calendarId)?.get(eventId);
    return event ? Ok(event) : Err('not-found');
  }

  insert(calendarId: string, eventId: string, fields: MemoryFields): Outcome {
    if (!EVENT_ID.test(eventId) || fields.end < fields.start) return Err('invalid');
    if (this.get(calendarId, eventId).ok) return Err('conflict');
    return Ok(this.#store(calendarId, eventId, fields));
  }

  /** A deleted event stays deleted unless the change restores it. */
  change(calendarId: string, eventId: string, changes: Partial<MemoryFields>, ifMatch: string | null): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (ifMatch !== null && ifMatch !== old.etag) return Err('conflict');
      const fields = { ...old, ...changes };
      return fields.end < fields.start ? Err('invalid') : Ok(this.#store(calendarId, eventId, fields, old));
    });
  }

  remove(calendarId: string, eventId: string, ifMatch: string | null): Outcome {
    return this.#live(calendarId, eventId).andThen((old): Outcome => {
      if (ifMatch !== null && ifMatch !== old.etag) return Err('conflict');
      return Ok(this.#store(calendarId, eventId, { ...old, deleted: true }, old));
    });
  }

  /** Moves the event under its id to the other calendar and leaves a tombstone. */
  move(calendarId: string, eventId: string, toCalendarId: string): Outcome {
    return this.#live(calendarId, eventId).andThen((old): Outcome => {
      if (toCalendarId === calendarId) return Err('invalid');
      const there = this.get(toCalendarId, eventId);
      if (there.ok && !there.val.deleted) return Err('conflict');
      this.#store(calendarId, eventId, { ...old, deleted: true }, old);
      return Ok(this.#store(toCalendarId, eventId, old, there.ok ? there.val : undefined, old.createdAt));
    });
  }

  /** Invalidates all tokens. Full lists no longer contain the current tombstones. */
  expireTokens(forgetDeleted: boolean): void {
    this.#generation += 1;
    if (!forgetDeleted) return;
    for (const events of this.#calendars.values()) {
      for (const event of events.values()) if (event.deleted) events.set(event.eventId, { ...event, forgotten: true });
    }
  }

  list(
    calendarId: string,
    token: { readonly syncToken: string | null; readonly pageToken: string | null },
    size: number,
  ): Result<MemoryPage, SyncErrorKind> {
    return this.#cursorOf(calendarId, token.syncToken, token.pageToken).map((cursor) => this.#page(cursor, size));
  }

  #live(calendarId: string, eventId: string): Outcome {
    return this.get(calendarId, eventId).andThen((event): Outcome => (event.deleted ? Err('gone') : Ok(event)));
  }

  #cursorOf(calendarId: string, syncToken: string | null, pageToken: string | null): Result<Cursor, SyncErrorKind> {
    const text = pageToken ?? syncToken;
    const upTo = this.#revision;
    if (text === null) return Ok({ calendarId, generation: this.#generation, since: null, upTo, after: 0 });
    const cursor = decode(text);
    if (cursor?.calendarId !== calendarId || (cursor.after === null) !== (pageToken === null)) return Err('invalid');
    if (cursor.generation !== this.#generation) return Err('token-expired');
    return Ok(pageToken === null ? { ...cursor, since: cursor.upTo, upTo, after: cursor.upTo } : cursor);
  }

  #page(cursor: Cursor, size: number): MemoryPage {
    const { calendarId, since, upTo, after } = cursor;
    const orderOf = (event: MemoryEvent): number => (since === null ? event.position : event.revision);
    const rest = this.all(calendarId)
      // Changes during the reading of pages come with the next token.
      .filter((event) => orderOf(event) > (after ?? 0) && (since === null || event.revision <= upTo))
      .filter((event) => since !== null || !event.forgotten)
      .toSorted((a, b) => orderOf(a) - orderOf(b));
    const events = rest.slice(0, size);
    const last = events.at(-1);
    if (last && rest.length > size) {
      return { events, nextPageToken: JSON.stringify({ ...cursor, after: orderOf(last) }), nextSyncToken: null };
    }
    return { events, nextPageToken: null, nextSyncToken: JSON.stringify({ ...cursor, since: null, after: null }) };
  }

  #store(
    calendarId: string,
    eventId: string,
    fields: MemoryFields,
    old?: MemoryEvent,
    createdAt?: Instant,
  ): MemoryEvent {
    const revision = ++this.#revision;
    const now = this.#now();
    const event: MemoryEvent = {
      ...fields,
      eventId,
      // The calendar trims text.
      title: fields.title.trim(),
      description: fields.description.trim(),
      etag: `"${revision}"`,
      createdAt: createdAt ?? old?.createdAt ?? now,
      updatedAt: now,
      revision,
      position: old?.position ?? revision,
      forgotten: false,
    };
    this.#calendars.get(calendarId)?.set(eventId, event);
    this.#onChange(calendarId);
    return event;
  }
}

function decode(text: string): Cursor | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isCursor(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** An object with a revision is a cursor of ours. */
function isCursor(value: unknown): value is Cursor {
  return typeof value === 'object' && value !== null && 'upTo' in value && typeof value.upTo === 'number';
}
