import { Err, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { CalendarEvents, type HeldRead } from './calendar-events.js';
import { acceptFields, eventTypeOf, isEventId } from './event-fields.js';
import { mergePatch, textOf, type JsonObject } from './json.js';
import { instanceById, seriesIdOf } from './series.js';
import { isCancelled, type EventStatus, type StoredEvent } from './stored-event.js';

type Outcome = Result<StoredEvent, ApiError>;

/** The address of the account that changes events. */
export interface Actor {
  readonly email: string;
}

export interface EventStoreOptions {
  readonly now: () => Instant;
  /** Generates an id for an event without one. */
  readonly newId: () => string;
  /** Called after every change. */
  readonly onChange: (calendarId: string) => void;
}

/** The result of a change of an event. */
interface NextVersion {
  readonly fields: JsonObject;
  readonly status: EventStatus;
}

/** Fields whose change increases `sequence`. */
const RESCHEDULING = ['start', 'end', 'recurrence'];

/** The events of all calendars and the rules for changing them, without access, tokens and HTTP. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly #calendars = new Map<string, CalendarEvents>();
  #revision = 0;
  /** Time of the last change in microseconds, made unique: etags are derived from it. */
  #lastStamp = 0;

  constructor(options: EventStoreOptions) {
    this.#options = options;
  }

  addCalendar(calendarId: string): void {
    if (!this.#calendars.has(calendarId)) this.#calendars.set(calendarId, new CalendarEvents());
  }

  hasCalendar(calendarId: string): boolean {
    return this.#calendars.has(calendarId);
  }

  /** Number of the last change in any calendar. */
  get revision(): number {
    return this.#revision;
  }

  /** The events of a calendar, for lists. */
  calendar(calendarId: string): CalendarEvents {
    return this.#calendars.get(calendarId) ?? new CalendarEvents();
  }

  /** All events of a calendar, deleted ones included, in the order of their first appearance. */
  all(calendarId: string): readonly StoredEvent[] {
    return this.calendar(calendarId).all();
  }

  /** An event, or an instance of a series. */
  get(calendarId: string, eventId: string): Outcome {
    return this.#find(this.calendar(calendarId), (id) => this.calendar(calendarId).current(id), eventId);
  }

  /** Like `get`, but with the version that a held read shows. */
  read(calendarId: string, eventId: string): Outcome {
    const events = this.calendar(calendarId);
    return this.#find(events, (id) => events.seenBy('events.get', id), eventId);
  }

  /** An id that was ever used in the calendar is taken, also by a deleted event. */
  insert(calendarId: string, body: JsonObject, by: Actor): Outcome {
    const id = textOf(body['id']) ?? this.#options.newId();
    if (!isEventId(id)) return Err(apiErrors.invalid('Invalid resource id value.'));
    if (this.get(calendarId, id).ok) return Err(apiErrors.duplicate());
    return statusOf(body, 'confirmed').andThen((status) =>
      acceptFields(mergePatch({}, body)).map((fields) =>
        this.#store(calendarId, id, { fields, status }, { creatorEmail: by.email }),
      ),
    );
  }

  /** Merges. `status: cancelled` deletes, `status: confirmed` restores. */
  patch(calendarId: string, eventId: string, patch: JsonObject, ifMatch: string | null): Outcome {
    return this.#change(calendarId, eventId, ifMatch, patch, (old) => mergePatch(old.fields, patch));
  }

  /** Replaces all fields. The event keeps its type, which is fixed. */
  replace(calendarId: string, eventId: string, body: JsonObject, ifMatch: string | null): Outcome {
    return this.#change(calendarId, eventId, ifMatch, body, (old) => {
      const { eventType, recurringEventId, originalStartTime } = old.fields;
      return mergePatch({}, { eventType, recurringEventId, originalStartTime, ...body });
    });
  }

  remove(calendarId: string, eventId: string, ifMatch: string | null): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (isCancelled(old)) return Err(apiErrors.deleted());
      if (!matches(old, ifMatch)) return Err(apiErrors.conditionNotMet());
      this.#removeExceptions(calendarId, eventId);
      return Ok(this.#store(calendarId, eventId, { fields: old.fields, status: 'cancelled' }, old));
    });
  }

  /** Moves the event with its id to the other calendar and leaves a deleted event in the first. */
  move(calendarId: string, eventId: string, destination: string): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (isCancelled(old)) return Err(apiErrors.deleted());
      if (old.fields['recurringEventId'] !== undefined || destination === calendarId) {
        return Err(apiErrors.invalid('This event cannot be moved there.'));
      }
      if (eventTypeOf(old.fields) !== 'default') return Err(apiErrors.eventTypeRestriction());
      const there = this.calendar(destination).current(eventId);
      if (there && !isCancelled(there)) return Err(apiErrors.duplicate());
      this.#store(calendarId, eventId, { fields: old.fields, status: 'cancelled' }, old);
      const { createdAt, creatorEmail, sequence } = old;
      return Ok(this.#store(destination, eventId, old, { createdAt, creatorEmail, sequence }));
    });
  }

  /** Purges the deleted events: full lists no longer show them. */
  forgetDeleted(): void {
    for (const events of this.#calendars.values()) {
      for (const event of events.all()) if (isCancelled(event)) events.amend({ ...event, forgotten: true });
    }
  }

  /** Makes this kind of read show the present state until it is released. */
  hold(calendarId: string, read: HeldRead): void {
    this.calendar(calendarId).hold(read, this.#revision);
  }

  release(calendarId: string, read: HeldRead): void {
    this.calendar(calendarId).release(read);
  }

  #find(events: CalendarEvents, read: (id: string) => StoredEvent | undefined, eventId: string): Outcome {
    const event = read(eventId);
    if (event) return Ok(event);
    const series = events.current(seriesIdOf(eventId) ?? '');
    const instance = series?.fields['recurrence'] === undefined ? null : instanceById(series, eventId);
    return instance ? Ok(instance) : Err(apiErrors.notFound());
  }

  #change(
    calendarId: string,
    eventId: string,
    ifMatch: string | null,
    wanted: JsonObject,
    change: (old: StoredEvent) => JsonObject,
  ): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (!matches(old, ifMatch)) return Err(apiErrors.conditionNotMet());
      return statusOf(wanted, old.status).andThen((status) =>
        acceptFields(change(old)).andThen((fields): Outcome => {
          if (eventTypeOf(fields) !== eventTypeOf(old.fields)) return Err(apiErrors.eventTypeRestriction());
          if (status === 'cancelled') this.#removeExceptions(calendarId, eventId);
          return Ok(this.#store(calendarId, eventId, { fields, status }, old));
        }),
      );
    });
  }

  /** Applies to a series with its exceptions. */
  #removeExceptions(calendarId: string, seriesId: string): void {
    for (const exception of this.calendar(calendarId).exceptionsOf(seriesId)) {
      if (isCancelled(exception)) continue;
      this.#store(calendarId, exception.id, { fields: exception.fields, status: 'cancelled' }, exception);
    }
  }

  #store(
    calendarId: string,
    id: string,
    { fields, status }: NextVersion,
    old: Partial<StoredEvent> & Pick<StoredEvent, 'creatorEmail'>,
  ): StoredEvent {
    const now = this.#options.now();
    const revision = ++this.#revision;
    this.#lastStamp = Math.max(now * 1000, this.#lastStamp + 1000);
    const isRescheduled = old.fields !== undefined && isOtherTime({ fields, status }, old);
    const event: StoredEvent = {
      id,
      fields,
      status,
      etag: `"${this.#lastStamp * 2}"`,
      createdAt: old.createdAt ?? now,
      updatedAt: now,
      creatorEmail: old.creatorEmail,
      sequence: (old.sequence ?? 0) + (isRescheduled ? 1 : 0),
      revision,
      position: this.calendar(calendarId).current(id)?.position ?? revision,
      forgotten: false,
    };
    this.calendar(calendarId).put(event);
    this.#options.onChange(calendarId);
    return event;
  }
}

function matches(event: StoredEvent, ifMatch: string | null): boolean {
  return ifMatch === null || ifMatch === '*' || ifMatch === event.etag;
}

function statusOf(body: JsonObject, otherwise: EventStatus): Result<EventStatus, ApiError> {
  const { status = otherwise } = body;
  if (status === 'confirmed' || status === 'tentative' || status === 'cancelled') return Ok(status);
  return Err(apiErrors.invalid('Invalid value for: status'));
}

function isOtherTime(next: NextVersion, old: Partial<StoredEvent>): boolean {
  const isOther = (name: string): boolean => JSON.stringify(next.fields[name]) !== JSON.stringify(old.fields?.[name]);
  return next.status !== old.status || RESCHEDULING.some(isOther);
}
