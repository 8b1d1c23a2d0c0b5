import { eventLinkOf, type BookingEventMap, type SyncIntent, type SyncSource } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Result } from '../../result.js';
import type { RoutedContent } from '../../rules/decision.js';
import { freshWriteId } from '../../rules/event-marks.js';
import { flagsOf } from '../../rules/event-write.js';
import { withOwnWrite } from '../../rules/own-write.js';
import { isManaged } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import type { WrittenEvent } from './event-writer.js';

/** Stores the intent of a change. */
export async function beginChange(
  kind: SyncIntent['kind'],
  map: BookingEventMap,
  { start, end, bay }: RoutedContent,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<BookingEventMap, SyncError>> {
  const triedAt = parts.clock.now();
  const since = map.intent?.kind === kind ? map.intent.since : triedAt;
  const write = kind === 'reschedule' ? {} : { write: freshWriteId(map.version, parts.random) };
  return putMap({ ...map, intent: { kind, start, end, bay, since, triedAt, successor: null, ...write } }, task, parts);
}

export async function putMap(
  map: BookingEventMap,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<BookingEventMap, SyncError>> {
  return parts.store.putMap({ ...map, lastSyncedAt: parts.clock.now(), fence: task.fence });
}

/**
 * Returns the map at the start of a change. An interrupted write of ours that has reached the event counts as stored,
 * because the new intent replaces the old one.
 */
export function currentMap(
  { map, event }: Situation,
  wanted: RoutedContent,
  parts: EngineParts,
): BookingEventMap | null {
  return map && withOwnWrite(map, event?.event ?? null, wanted, parts.rules, event?.trace);
}

export function eventFields(
  event: CalendarEvent,
): Pick<BookingEventMap, 'googleCalendarId' | 'googleEventId' | 'etag' | 'eventUpdatedAt' | 'eventLink'> {
  return {
    googleCalendarId: event.calendarId,
    googleEventId: event.eventId,
    etag: event.etag,
    eventUpdatedAt: event.updatedAt,
    ...eventLinkOf(event),
  };
}

export function mapOf(
  appointmentId: string,
  map: BookingEventMap | null,
  { event, base }: WrittenEvent,
  lastSource: SyncSource,
): BookingEventMap {
  // Every write contains our marks: the calendar has not kept them (docs/decision-table.md#row-19).
  const unmarked = event.state === 'live' && !isManaged(event) ? { unmarked: true as const } : {};
  const flags = { ...unmarked, ...flagsOf(event, base, base) };
  return {
    uscheduleAppointmentId: appointmentId,
    ...eventFields(event),
    lastSyncedAt: 0,
    lastSource,
    version: map?.version ?? 0,
    status: 'ACTIVE',
    base,
    fence: 0,
    bookingWrittenAt: map?.bookingWrittenAt ?? null,
    intent: null,
    supersededBy: null,
    ...(Object.keys(flags).length > 0 ? { flags } : {}),
  };
}

export function markCanceled(
  map: BookingEventMap,
  lastSource: SyncSource,
  left: CalendarEvent | null,
): BookingEventMap {
  return {
    ...map,
    status: 'CANCELED',
    intent: null,
    lastSource,
    etag: left?.etag ?? map.etag,
    eventUpdatedAt: left?.updatedAt ?? map.eventUpdatedAt,
  };
}

/** Returns the place of the booking at the last agreement. */
export function placeOf({ base }: BookingEventMap): {
  readonly start: Instant;
  readonly end: Instant;
  readonly bay: string;
} {
  return { start: base.start, end: base.end, bay: base.bay ?? '' };
}

/** A booking that is live at a unit without a route was not cancelled. */
export function hasRoute(reading: Situation['booking'], parts: EngineParts): boolean {
  if (!reading?.booking || reading.status === 'dead') return true;
  return parts.rules.routing.ofUnit(reading.booking.resourceUnitId) !== null;
}
