import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { SyncError } from '../domain/sync-error.js';
import { Ok, type Result } from '../result.js';
import { isMirrorOf } from '../rules/decide-mirroring.js';
import { isActiveEvent } from '../rules/rules.js';
import { removeEach, type EventCopy, type RemovedCopies } from './copies.js';
import type { EngineParts } from './engine-parts.js';
import { isAbsent, readEvent } from './observe/event-reader.js';

/** Reason of a kept event: its marks name no appointment of ours, or another one. */
const OTHER_MARKS = 'it does not carry the marks of the appointment any more';

/**
 * The events of bays that were removed from the settings: mirrors in a calendar without a route whose visit is not over. The
 * engine does not change them (docs/decision-table.md#row-2), so an administrator has to decide.
 */
export async function listClosedBayEvents({
  store,
  clock,
  rules,
}: Pick<EngineParts, 'store' | 'clock' | 'rules'>): Promise<Result<readonly EventCopy[], SyncError>> {
  const maps = await store.listMaps({ status: 'ACTIVE' });
  if (maps.err) return maps;
  const now = clock.now();
  const isLeft = ({ googleCalendarId, base }: BookingEventMap): boolean =>
    rules.routing.ofCalendar(googleCalendarId) === null && base.end > now;
  return Ok(maps.val.filter(isLeft).map(viewOf));
}

/**
 * Deletes these events, each with the etag of its reading. The map becomes CANCELED first, so that a bay that returns to the
 * settings gets the event again, and the missing event does not count as a user's deletion.
 */
export async function removeClosedBayEvents(parts: EngineParts): Promise<Result<RemovedCopies, SyncError>> {
  const listed = await listClosedBayEvents(parts);
  return listed.err ? listed : removeEach(listed.val, (event) => remove(event, parts));
}

/** @returns null if the event is deleted; else why it was kept */
async function remove(event: EventCopy, parts: EngineParts): Promise<Result<string | null, SyncError>> {
  const { store, calendars } = parts;
  const { appointmentId, calendarId, eventId } = event;
  const read = await store.getMap(appointmentId);
  if (read.err) return read;
  const map = read.val;
  if (map?.status !== 'ACTIVE' || map.googleEventId !== eventId || map.googleCalendarId !== calendarId) {
    return Ok('its appointment has another event by now');
  }
  const there = await calendars.getEvent(calendarId, eventId);
  if (there.err && !isAbsent(there.val)) return there;
  const seen = await readEvent({ calendarId, eventId }, parts);
  if (seen.err) return seen;
  const exists = isActiveEvent(seen.val.event);
  if (exists && !isMirrorOf(seen.val, appointmentId)) return Ok(OTHER_MARKS);
  const canceled = await store.putMap({ ...map, status: 'CANCELED', base: { ...map.base, bay: null } });
  if (canceled.err) return canceled.val.kind === 'conflict' ? Ok('it was changed a moment ago') : canceled;
  if (!exists) return Ok(null);
  const deleted = await calendars.deleteEvent(calendarId, eventId, seen.val.event.etag || null);
  if (deleted.ok || deleted.val.kind === 'gone' || deleted.val.kind === 'not-found') return Ok(null);
  const restored = await store.putMap({ ...canceled.val, status: 'ACTIVE', base: map.base });
  if (restored.err) return restored;
  return deleted.val.kind === 'conflict' ? Ok('it was changed a moment ago') : deleted;
}

function viewOf({ uscheduleAppointmentId, googleCalendarId, googleEventId, base }: BookingEventMap): EventCopy {
  return {
    appointmentId: uscheduleAppointmentId,
    calendarId: googleCalendarId,
    eventId: googleEventId,
    bay: null,
    title: base.title,
    start: base.start,
    end: base.end,
    creatorEmail: null,
    mirrorEventId: googleEventId,
  };
}
