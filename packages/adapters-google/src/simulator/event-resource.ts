import { instantOf } from './event-times.js';
import { isObject, type JsonObject, type JsonValue } from './json.js';
import { isCancelled, type StoredEvent, type TombstoneStyle } from './stored-event.js';
import { formatOffsetTime, type ZoneOffset } from './zone-times.js';

/** A `start` or `end` in an answer. */
export interface EventResourceTime {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

/** An event in an answer. */
export interface EventResource {
  readonly kind: 'calendar#event';
  readonly id: string;
  readonly etag?: string;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  readonly htmlLink?: string;
  readonly created?: string;
  readonly updated?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly creator?: { readonly email?: string; readonly self?: boolean };
  readonly organizer?: { readonly email?: string; readonly displayName?: string; readonly self?: boolean };
  readonly start?: EventResourceTime;
  readonly end?: EventResourceTime;
  readonly transparency?: string;
  readonly recurrence?: readonly string[];
  readonly recurringEventId?: string;
  readonly originalStartTime?: EventResourceTime;
  readonly eventType?: string;
  readonly sequence?: number;
  readonly extendedProperties?: { readonly private?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** The calendar in which an event is shown. */
export interface ShownIn {
  readonly calendarId: string;
  readonly summary: string;
  /** The zone in which its times are written. */
  readonly timeZone: string;
}

/** Converts stored events to resources. */
export class EventResources {
  readonly #offset: ZoneOffset;
  readonly #tombstones: TombstoneStyle;
  /** Cache of resources in the calendar's own zone: a version does not change. */
  readonly #shown = new WeakMap<StoredEvent, { readonly shownIn: ShownIn; readonly resource: EventResource }>();

  constructor(offset: ZoneOffset, tombstones: TombstoneStyle) {
    this.#offset = offset;
    this.#tombstones = tombstones;
  }

  /** Converts an event. A deleted event always has its id and status, and by default all fields. */
  show(event: StoredEvent, shownIn: ShownIn, tombstones: TombstoneStyle = this.#tombstones): EventResource {
    if (isCancelled(event)) {
      const { recurringEventId, originalStartTime } = event.fields;
      const { id, etag } = event;
      const minimal = { kind: 'calendar#event', etag, id, status: 'cancelled' } as const;
      if (recurringEventId !== undefined) {
        const originally = this.#time(originalStartTime, shownIn.timeZone);
        return { ...minimal, recurringEventId, originalStartTime: originally } as EventResource;
      }
      if (tombstones === 'minimal') return minimal;
    }
    const cached = this.#shown.get(event);
    if (cached && isSame(cached.shownIn, shownIn)) return cached.resource;
    const resource = this.#whole(event, shownIn);
    this.#shown.set(event, { shownIn, resource });
    return resource;
  }

  #whole(event: StoredEvent, { calendarId, summary, timeZone }: ShownIn): EventResource {
    const { id, etag, status, fields, createdAt, updatedAt, creatorEmail, sequence } = event;
    const { start, end, originalStartTime, ...rest } = fields;
    const seriesId = fields['recurringEventId'];
    const originally = this.#time(originalStartTime, timeZone);
    const resource: JsonObject = {
      kind: 'calendar#event',
      etag,
      id,
      status,
      htmlLink: linkOf(id, calendarId),
      created: `${new Date(createdAt).toISOString().slice(0, 19)}.000Z`,
      updated: new Date(updatedAt).toISOString(),
      creator: { email: creatorEmail, ...(creatorEmail === calendarId ? { self: true } : {}) },
      organizer: { email: calendarId, displayName: summary, self: true },
      reminders: { useDefault: true },
      eventType: 'default',
      ...rest,
      start: this.#time(start, timeZone),
      end: this.#time(end, timeZone),
      ...(originally === undefined ? {} : { originalStartTime: originally }),
      iCalUID: `${typeof seriesId === 'string' ? seriesId : id}@google.com`,
      sequence,
    };
    return resource as unknown as EventResource;
  }

  /** Converts a time: the same instant in the offset of the calendar's zone. */
  #time(time: JsonValue | undefined, zone: string): JsonValue | undefined {
    const instant = instantOf(time);
    if (!isObject(time) || time['dateTime'] === undefined || instant === null) return time;
    return { ...time, dateTime: formatOffsetTime(instant, this.#offset(zone, instant)) };
  }
}

function linkOf(eventId: string, calendarId: string): string {
  const eid = Buffer.from(`${eventId} ${calendarId}`).toString('base64url');
  return `https://www.google.com/calendar/event?eid=${eid}`;
}

function isSame(a: ShownIn, b: ShownIn): boolean {
  return a.calendarId === b.calendarId && a.summary === b.summary && a.timeZone === b.timeZone;
}
