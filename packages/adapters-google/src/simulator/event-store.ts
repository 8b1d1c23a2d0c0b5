import { Err, Ok, type Instant, type Result } from '@loft/sync-core';
import { apiErrors, type ApiError } from './api-error.js';
import { acceptFields, isEventId } from './event-fields.js';
import { mergePatch, textOf, type JsonObject } from './json.js';
import type { StoredEvent } from './stored-event.js';

type Outcome = Result<StoredEvent, ApiError>;

interface Calendar {
  readonly events: Map<string, StoredEvent>;
}

export interface EventStoreOptions {
  readonly now: () => Instant;
  /** Makes an id for an event that comes without one. */
  readonly newId: () => string;
  /** Told after every change. */
  readonly onChange: (calendarId: string) => void;
}

/** The events of all calendars, and the rules of changing them. Knows nothing of access, tokens or HTTP. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly #calendars = new Map<string, Calendar>();
  #revision = 0;

  constructor(options: EventStoreOptions) {
    this.#options = options;
  }

  addCalendar(calendarId: string): void {
    if (!this.#calendars.has(calendarId)) this.#calendars.set(calendarId, { events: new Map() });
  }

  hasCalendar(calendarId: string): boolean {
    return this.#calendars.has(calendarId);
  }

  /** Number of the last change in any calendar. */
  get revision(): number {
    return this.#revision;
  }

  /** All events of a calendar, deleted ones included, in the order of their first appearance. */
  all(calendarId: string): readonly StoredEvent[] {
    return [...(this.#calendars.get(calendarId)?.events.values() ?? [])];
  }

  get(calendarId: string, eventId: string): Outcome {
    const event = this.#calendars.get(calendarId)?.events.get(eventId);
    return event ? Ok(event) : Err(apiErrors.notFound());
  }

  /** An id that was ever used in the calendar is taken, also by a deleted event. */
  insert(calendarId: string, body: JsonObject): Outcome {
    const id = textOf(body['id']) ?? this.#options.newId();
    if (!isEventId(id)) return Err(apiErrors.invalid('Invalid resource id value.'));
    if (this.get(calendarId, id).ok) return Err(apiErrors.duplicate());
    return acceptFields(mergePatch({}, body)).map((fields) => this.#store(calendarId, id, fields, false, undefined));
  }

  /** Merges. `status: cancelled` deletes, `status: confirmed` brings back. */
  patch(calendarId: string, eventId: string, patch: JsonObject, ifMatch: string | null): Outcome {
    return this.#change(calendarId, eventId, ifMatch, (old) => ({
      fields: mergePatch(old.fields, patch),
      status: patch['status'],
    }));
  }

  /** Replaces all fields. */
  replace(calendarId: string, eventId: string, body: JsonObject, ifMatch: string | null): Outcome {
    return this.#change(calendarId, eventId, ifMatch, () => ({ fields: mergePatch({}, body), status: body['status'] }));
  }

  remove(calendarId: string, eventId: string, ifMatch: string | null): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (old.cancelled) return Err(apiErrors.deleted());
      if (!matches(old, ifMatch)) return Err(apiErrors.conditionNotMet());
      return Ok(this.#store(calendarId, eventId, old.fields, true, old));
    });
  }

  /** The event goes on under its id in the other calendar and leaves a deleted one behind. */
  move(calendarId: string, eventId: string, destination: string): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (old.cancelled) return Err(apiErrors.deleted());
      if (old.fields['recurringEventId'] !== undefined || destination === calendarId) {
        return Err(apiErrors.invalid('This event cannot be moved there.'));
      }
      const there = this.get(destination, eventId);
      if (there.ok && !there.val.cancelled) return Err(apiErrors.duplicate());
      this.#store(calendarId, eventId, old.fields, true, old);
      return Ok(this.#store(destination, eventId, old.fields, false, there.ok ? there.val : undefined, old.createdAt));
    });
  }

  /** From now on full lists do not show what is deleted by now. */
  forgetDeleted(): void {
    for (const { events } of this.#calendars.values()) {
      for (const event of events.values()) if (event.cancelled) events.set(event.id, { ...event, forgotten: true });
    }
  }

  #change(
    calendarId: string,
    eventId: string,
    ifMatch: string | null,
    change: (old: StoredEvent) => { readonly fields: JsonObject; readonly status: JsonObject[string] },
  ): Outcome {
    return this.get(calendarId, eventId).andThen((old): Outcome => {
      if (!matches(old, ifMatch)) return Err(apiErrors.conditionNotMet());
      const { fields, status = old.cancelled ? 'cancelled' : 'confirmed' } = change(old);
      if (status !== 'confirmed' && status !== 'tentative' && status !== 'cancelled') {
        return Err(apiErrors.invalid('Invalid value for: status'));
      }
      return acceptFields(fields).map((accepted) =>
        this.#store(calendarId, eventId, accepted, status === 'cancelled', old),
      );
    });
  }

  #store(
    calendarId: string,
    id: string,
    fields: JsonObject,
    cancelled: boolean,
    old: StoredEvent | undefined,
    createdAt: Instant = old?.createdAt ?? this.#options.now(),
  ): StoredEvent {
    const events = this.#calendars.get(calendarId)?.events ?? new Map<string, StoredEvent>();
    const now = this.#options.now();
    const revision = ++this.#revision;
    const event: StoredEvent = {
      id,
      fields,
      cancelled,
      etag: `"${now}${String(revision).padStart(6, '0')}"`,
      createdAt,
      updatedAt: now,
      revision,
      position: old?.position ?? revision,
      forgotten: false,
    };
    events.set(id, event);
    this.#options.onChange(calendarId);
    return event;
  }
}

function matches(event: StoredEvent, ifMatch: string | null): boolean {
  return ifMatch === null || ifMatch === '*' || ifMatch === event.etag;
}
