import { isAbsent, readAt } from '../observe/event-reader.js';
import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { ClaimedTask, EventRef } from '../../domain/task.js';
import type { EngineParts } from '../engine-parts.js';
import { targetOfBase } from '../../rules/booking-side.js';
import { fullWrite } from '../../rules/event-write.js';
import { isMarkedCanceled } from '../../rules/rules.js';
import { cancelEvent } from './event-canceler.js';
import { writeEvent } from './event-writer.js';
import { putMap } from './map-writer.js';

export interface IdChange {
  /** The old appointment's map, as stored. */
  readonly from: BookingEventMap;
  /** The current appointment id of the booking. */
  readonly to: string;
  /** The map of the old appointment, as if it had kept its id. */
  readonly moved: BookingEventMap;
  /** The observed event. Null if it was not observed. */
  readonly seen: CalendarEvent | null;
}

/**
 * Transfers an event to the new id of a rescheduled booking: the new id gets a map and the marks of the event, and the old
 * id is stored as superseded. The new id is stored first, and until the last step the old map keeps the intent, which leads
 * back here. So every step can be repeated, regardless of later changes of the new booking.
 */
export async function transferToNewId(
  { from, to, moved, seen }: IdChange,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<BookingEventMap, SyncError>> {
  const noted = await note(from, to, task, parts);
  if (noted.err) return noted;
  const found = await parts.store.getMap(to);
  if (found.err) return found;
  const done = await handOver(found.val, { from, to, moved, seen }, task, parts);
  if (done.err) return done;
  return putMap(
    {
      ...noted.val,
      status: 'CANCELED',
      supersededBy: to,
      intent: null,
      bookingWrittenAt: moved.bookingWrittenAt,
    },
    task,
    parts,
  );
}

async function note(
  from: BookingEventMap,
  to: string,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<BookingEventMap, SyncError>> {
  if (from.intent === null || from.intent.successor === to) return Ok(from);
  return putMap({ ...from, intent: { ...from.intent, successor: to } }, task, parts);
}

async function handOver(
  found: BookingEventMap | null,
  { from, to, moved, seen }: IdChange,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<unknown, SyncError>> {
  const { calendarId, eventId } = refOf(moved);
  // The new id has its own mirror already: one event is enough.
  if (found && found.googleEventId !== eventId) {
    const known = seen?.eventId === eventId ? seen : null;
    const owner = known?.marks.appointmentId === to ? to : from.uscheduleAppointmentId;
    return cancelEvent(owner, { calendarId, eventId }, null, (known ?? moved).etag || null, parts);
  }
  // An earlier attempt wrote the marks. The task of the new id has seen them, or the new booking has changed since. Another
  // write would lead to that task again, which may store its map before this one again.
  const isWritten = found?.flags?.unmarked !== true || found.status === 'CANCELED' || found.intent !== null;
  if (found && isWritten) return Ok.EMPTY;
  // Until the marks are written, the event is that of the old id to others: its deletion proves nothing about the new one
  // (docs/decision-table.md#row-19).
  const unmarked = {
    ...moved,
    uscheduleAppointmentId: to,
    version: 0,
    flags: { ...moved.flags, unmarked: true as const },
  };
  const stored = found ? Ok(found) : await putMap(unmarked, task, parts);
  if (stored.err) return stored;
  const marks = { appointmentId: to, bay: moved.base.bay ?? '' };
  const written = await parts.calendars.patchEvent(calendarId, eventId, marks, null);
  if (written.err) return (await isGoneNow(written.val, { calendarId, eventId }, parts)) ? Ok.EMPTY : written;
  const stamped = await withoutCancellation(written.val, stored.val, parts);
  if (stamped.err) return stamped;
  const { unmarked: _written, ...flags } = stored.val.flags ?? {};
  const marked = { ...stored.val, flags };
  const { base } = stored.val;
  // The answer to the write shows a concurrent edit, which is still a change.
  if (stamped.val.start !== base.start || stamped.val.end !== base.end) return putMap(marked, task, parts);
  const { etag, updatedAt } = stamped.val;
  return putMap({ ...marked, etag, eventUpdatedAt: updatedAt }, task, parts);
}

/** Another installation may have marked the event as cancelled, because the old id is dead: it shows the booking's text again. */
async function withoutCancellation(
  event: CalendarEvent,
  map: BookingEventMap,
  parts: EngineParts,
): Promise<Result<CalendarEvent, SyncError>> {
  const target = isMarkedCanceled(event) ? targetOfBase(map, parts.rules) : null;
  const write = target && fullWrite(event, target, map.base);
  if (!write) return Ok(event);
  const { start: _start, end: _end, ...fields } = write.fields;
  const shown = await writeEvent(map.uscheduleAppointmentId, { ...write, moveTo: null, fields }, null, parts);
  return shown.map((result) => result.event);
}

/**
 * Was the event deleted, or moved to another calendar, before the marks were written? A calendar may refuse a write to a deleted
 * event like that to an event which may not be changed. Then the event is read.
 */
async function isGoneNow(refusal: SyncError, event: EventRef, parts: EngineParts): Promise<boolean> {
  if (isAbsent(refusal)) return true;
  if (refusal.kind !== 'forbidden' && refusal.kind !== 'invalid') return false;
  const read = await readAt(event, parts);
  return read.ok && read.val.event.state === 'gone';
}
