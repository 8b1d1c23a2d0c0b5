import type { CalendarEvent, EventDraft } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite } from '../../rules/decision.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { copyOf } from './copy-record.js';
import { editedMeanwhile } from './event-mover.js';

/**
 * The event as it is to be made in the calendar of another bay, where the calendar system cannot move it. Its texts are
 * kept, but for what the write changes. The event that stays behind is recorded as a copy first: if the process ends before
 * it is deleted, the next attempt finds the record (docs/decision-table.md#row-25a).
 */
export async function beginRecreation(
  appointmentId: string,
  { calendarId, eventId, fields, assumed, base }: EventWrite,
  parts: EngineParts,
): Promise<Result<{ readonly left: CalendarEvent; readonly draft: Omit<EventDraft, 'write'> }, SyncError>> {
  const read = await parts.calendars.getEvent(calendarId, eventId);
  if (read.err) return read;
  const left = read.val;
  const isAsAssumed = left.state === 'live' && left.start === assumed.start && left.end === assumed.end;
  if (!isAsAssumed) return Err(editedMeanwhile(parts.systems.calendars, eventId));
  const recorded = await parts.store.putEventRecords([copyOf(appointmentId, left, parts.clock.now())]);
  if (recorded.err) return recorded;
  const { titleDigest, descriptionDigest } = left.marks;
  const draft = {
    start: base.start,
    end: base.end,
    title: fields.title ?? left.title,
    description: fields.description ?? left.description,
    free: fields.free ?? left.free,
    appointmentId,
    bay: base.bay,
    ...(titleDigest === null ? {} : { titleDigest }),
    ...(descriptionDigest === null ? {} : { descriptionDigest }),
  };
  return Ok({ left, draft });
}

/** Deletes what a recreation has left behind, once the map names the new event. One that is gone already is fine. */
export async function removeLeft(
  { calendarId, eventId, etag }: CalendarEvent,
  parts: EngineParts,
): Promise<Result<void, SyncError>> {
  const removed = await parts.calendars.deleteEvent(calendarId, eventId, etag || null);
  // Edited in that moment: the next attempt reads it again.
  if (removed.err && removed.val.kind === 'conflict') return Err({ ...removed.val, kind: 'transient' });
  if (removed.err && !isAbsent(removed.val)) return removed;
  return parts.store.deleteEventRecords([{ kind: 'copy', id: `${calendarId} ${eventId}` }]);
}
