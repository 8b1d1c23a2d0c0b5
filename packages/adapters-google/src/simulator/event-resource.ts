import { instantOf } from './event-fields.js';
import { isObject, type JsonObject, type JsonValue } from './json.js';
import type { StoredEvent, TombstoneStyle } from './stored-event.js';

/** An event as the API answers it. */
export interface EventResource {
  readonly kind: 'calendar#event';
  readonly id: string;
  readonly etag?: string;
  readonly status: 'confirmed' | 'cancelled';
  readonly created?: string;
  readonly updated?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly start?: { readonly date?: string; readonly dateTime?: string; readonly timeZone?: string };
  readonly end?: { readonly date?: string; readonly dateTime?: string; readonly timeZone?: string };
  readonly transparency?: string;
  readonly recurrence?: readonly string[];
  readonly extendedProperties?: { readonly private?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** A time as Google hands it back: the same instant, in another offset than it was written with. */
function showTime(time: JsonValue | undefined): JsonValue | undefined {
  const instant = instantOf(time);
  if (!isObject(time) || time['dateTime'] === undefined || instant === null) return time;
  return { ...time, dateTime: new Date(instant).toISOString().replace('.000Z', 'Z') };
}

function showLive(event: StoredEvent, calendarId: string): JsonObject {
  return {
    ...event.fields,
    start: showTime(event.fields['start']),
    end: showTime(event.fields['end']),
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    iCalUID: `${event.id}@google.com`,
    organizer: { email: calendarId, self: true },
    eventType: 'default',
  };
}

/** How the API shows an event. A deleted one carries its id and status for sure, and by default nothing else. */
export function showEvent(event: StoredEvent, calendarId: string, tombstones: TombstoneStyle): EventResource {
  const { id, etag, cancelled } = event;
  if (cancelled && tombstones === 'minimal') return { kind: 'calendar#event', id, status: 'cancelled' };
  return {
    ...(showLive(event, calendarId) as object),
    kind: 'calendar#event',
    id,
    etag,
    status: cancelled ? 'cancelled' : 'confirmed',
  };
}
