import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Instant } from '../domain/instant.js';
import type { MapQuery, StoreResult, SyncStore } from '../ports/sync-store.js';
import { Ok } from '../result.js';
import { compareCodePoints } from './code-point-order.js';
import type { StoreCapabilities } from '../ports/capabilities.js';
import { frozenCopy } from './frozen-copy.js';
import { MemoryData } from './memory-data.js';

import { conflict, MemoryTasks } from './memory-tasks.js';

/** Options of a memory store. All are optional. */
export interface MemoryStoreOptions {
  /** Does the store claim to support several processes? Default false. */
  readonly shared?: boolean;
  /** Does the store claim to keep a journal? Default true. */
  readonly journal?: boolean;
  /** The data to work on. Absent: new data. Stores on the same data act as replicas. */
  readonly data?: MemoryData;
}

/**
 * A store in memory: the fake of all tests, and `STORE_URL=memory:`. All data is lost with the process.
 *
 * Each method completes its work before its first `await`, so it is atomic. Stored and returned values are frozen, so
 * callers share no mutable state. `close` does nothing, so replicas may also share one object.
 */
export class MemoryStore extends MemoryTasks implements SyncStore {
  readonly supports: StoreCapabilities;

  constructor(options: MemoryStoreOptions = {}) {
    super(options.data ?? new MemoryData());
    this.supports = { sharing: options.shared ?? false, journal: options.journal ?? true };
  }

  async getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return Ok(this.data.maps.get(appointmentId) ?? null);
  }

  async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    let found: BookingEventMap | null = null;
    for (const appointmentId of this.data.appointmentsByEvent.get(eventId) ?? []) {
      const map = this.data.maps.get(appointmentId);
      if (map && (!found || isBetterMapOfEvent(map, found))) found = map;
    }
    return Ok(found);
  }

  async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    const matching = [...this.data.maps.values()].filter((map) => matches(map, query));
    matching.sort((a, b) => compareCodePoints(a.uscheduleAppointmentId, b.uscheduleAppointmentId));
    return Ok(Object.freeze(matching.slice(0, query.limit)));
  }

  async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    const appointmentId = map.uscheduleAppointmentId;
    const stored = this.data.maps.get(appointmentId);
    if ((stored?.version ?? 0) !== map.version) {
      return conflict(
        'putMap',
        `the map of ${appointmentId} is at version ${stored?.version ?? 0}, not ${map.version}`,
      );
    }
    if (stored && stored.fence > map.fence) {
      return conflict(
        'putMap',
        `the map of ${appointmentId} was written under fence ${stored.fence}, above ${map.fence}`,
      );
    }
    const next = frozenCopy({ ...map, version: map.version + 1 });
    if (stored?.googleEventId !== next.googleEventId) this.#changeEvent(appointmentId, stored, next);
    this.data.maps.set(appointmentId, next);
    return Ok(next);
  }

  async forgetMaps(before: Instant): StoreResult<void> {
    for (const map of this.data.maps.values()) {
      if (map.intent !== null || map.lastSyncedAt >= before || map.base.end >= before) continue;
      this.#leaveEvent(map);
      this.data.maps.delete(map.uscheduleAppointmentId);
    }
    return Ok.EMPTY;
  }

  async ping(): StoreResult<void> {
    return Ok.EMPTY;
  }

  async flush(): StoreResult<void> {
    return Ok.EMPTY;
  }

  async close(): Promise<void> {}

  #changeEvent(appointmentId: string, from: BookingEventMap | undefined, to: BookingEventMap): void {
    const { appointmentsByEvent } = this.data;
    if (from) this.#leaveEvent(from);
    appointmentsByEvent.set(to.googleEventId, [...(appointmentsByEvent.get(to.googleEventId) ?? []), appointmentId]);
  }

  #leaveEvent({ googleEventId, uscheduleAppointmentId }: BookingEventMap): void {
    const { appointmentsByEvent } = this.data;
    const left = appointmentsByEvent.get(googleEventId)?.filter((id) => id !== uscheduleAppointmentId) ?? [];
    if (left.length > 0) appointmentsByEvent.set(googleEventId, left);
    else appointmentsByEvent.delete(googleEventId);
  }
}

/** Returns the ACTIVE map of an event. Of several, the last synced. */
function isBetterMapOfEvent(map: BookingEventMap, than: BookingEventMap): boolean {
  if (map.status !== than.status) return map.status === 'ACTIVE';
  if (map.lastSyncedAt !== than.lastSyncedAt) return map.lastSyncedAt > than.lastSyncedAt;
  return compareCodePoints(map.uscheduleAppointmentId, than.uscheduleAppointmentId) < 0;
}

function matches(map: BookingEventMap, query: MapQuery): boolean {
  const { status, calendarId, bay, period, withIntent, after } = query;
  return (
    (status === undefined || map.status === status) &&
    (calendarId === undefined || map.googleCalendarId === calendarId) &&
    (bay === undefined || map.base.bay === bay) &&
    (period === undefined || (period.from <= map.base.start && map.base.start < period.to)) &&
    (withIntent === undefined || map.intent !== null) &&
    (after === undefined || compareCodePoints(map.uscheduleAppointmentId, after) > 0)
  );
}
