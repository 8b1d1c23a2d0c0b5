import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { SyncError } from '../domain/sync-error.js';
import { Ok, type Result } from '../result.js';
import type { EventWriter } from './event-writer.js';

export interface Succession {
  /** The old appointment's map, as stored. */
  readonly from: BookingEventMap;
  /** The appointment id the booking has now. */
  readonly to: string;
  /** The map the old appointment would have, had it kept its id. */
  readonly moved: BookingEventMap;
}

/** The two things succession needs of the store. */
interface Maps {
  find(appointmentId: string): Promise<Result<BookingEventMap | null, SyncError>>;
  put(map: BookingEventMap): Promise<Result<BookingEventMap, SyncError>>;
}

/**
 * A booking has a new id after a reschedule: the new id gets a map on the same event, the event is stamped with it,
 * and the old id is remembered as superseded. In this order each step can be repeated: until the last one the old
 * map holds the intent, which leads back here.
 */
export async function succeed(
  { from, to, moved }: Succession,
  events: EventWriter,
  maps: Maps,
): Promise<Result<BookingEventMap, SyncError>> {
  const found = await maps.find(to);
  if (found.err) return found;
  const taken =
    found.val && found.val.googleEventId !== moved.googleEventId
      ? await events.cancel(to, locationOf(moved), null) // it was mirrored by itself already: one event is enough
      : await takeOver(found.val, { to, moved }, events, maps);
  if (taken.err) return taken;
  return maps.put({ ...from, status: 'CANCELED', supersededBy: to, intent: null });
}

async function takeOver(
  found: BookingEventMap | null,
  { to, moved }: Pick<Succession, 'to' | 'moved'>,
  events: EventWriter,
  maps: Maps,
): Promise<Result<unknown, SyncError>> {
  const stored = found ? Ok(found) : await maps.put({ ...moved, uscheduleAppointmentId: to, version: 0 });
  if (stored.err) return stored;
  const { calendarId, eventId } = locationOf(moved);
  const stamped = await events.stamp(calendarId, eventId, to, moved.base.bay ?? '');
  if (stamped.err) return isAbsent(stamped.val) ? Ok.EMPTY : stamped;
  const { etag, updatedAt, start, end } = stamped.val;
  // An edit made meanwhile came back with the stamp: it keeps being news.
  if (start !== moved.base.start || end !== moved.base.end) return Ok.EMPTY;
  return maps.put({ ...stored.val, etag, eventUpdatedAt: updatedAt });
}

function locationOf(map: BookingEventMap): { readonly calendarId: string; readonly eventId: string } {
  return { calendarId: map.googleCalendarId, eventId: map.googleEventId };
}

function isAbsent(error: SyncError): boolean {
  return error.kind === 'not-found' || error.kind === 'gone';
}
