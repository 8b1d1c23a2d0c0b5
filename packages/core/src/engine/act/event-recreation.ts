import type { CalendarEvent, EventDraft } from '../../domain/calendar-event.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import { isOfClosedCalendar } from '../../rules/closed-calendar.js';
import type { EventWrite } from '../../rules/decision.js';
import { draftOf } from '../../rules/event-marks.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { copyOf, unreadCopyOf } from './copy-record.js';
import { editedMeanwhile } from './event-mover.js';

/** The event to create for a recreation. */
interface Recreation {
  /** The event that this one replaces. It is deleted afterwards. */
  readonly left?: CalendarEvent;
  readonly draft: Omit<EventDraft, 'write'>;
}

/**
 * Returns the event to create in the calendar of another bay, if the calendar system cannot move events. Its texts are kept,
 * except those of the write. The old event is first recorded as a copy: if the process ends before its deletion, the next
 * attempt finds the record (docs/decision-table.md#row-25a). An unreadable event in a calendar without a route is kept, and
 * is created again from the booking.
 */
export async function beginRecreation(
  appointmentId: string,
  { calendarId, eventId, fields, assumed, base }: EventWrite,
  parts: EngineParts,
): Promise<Result<Recreation, SyncError>> {
  const read = await parts.calendars.getEvent(calendarId, eventId);
  if (read.err) {
    const isLeft = isOfClosedCalendar(read.val, calendarId, parts.rules) && !isAbsent(read.val);
    if (!isLeft) return read;
    const at = parts.clock.now();
    const recorded = await parts.store.putEventRecords([
      unreadCopyOf({ calendarId, eventId }, appointmentId, base, at),
    ]);
    return recorded.err ? recorded : Ok({ draft: draftOf({ appointmentId, createdAt: at }, base) });
  }
  const left = read.val;
  const isAsAssumed =
    left.state === 'live' && (assumed === null || (left.start === assumed.start && left.end === assumed.end));
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

/** Deletes the old event of a recreation, after the map names the new one. A deleted event is no error. */
export async function removeLeft(
  { calendarId, eventId, etag }: CalendarEvent,
  parts: EngineParts,
): Promise<Result<void, SyncError>> {
  const removed = await parts.calendars.deleteEvent(calendarId, eventId, etag || null);
  // Edited at the same time: the next attempt reads it again.
  if (removed.err && removed.val.kind === 'conflict') return Err({ ...removed.val, kind: 'transient' });
  if (removed.err && !isAbsent(removed.val)) {
    // In a calendar that belongs to no bay its record stays, and it is listed as a copy.
    return isOfClosedCalendar(removed.val, calendarId, parts.rules) ? Ok.EMPTY : removed;
  }
  return parts.store.deleteEventRecords([{ kind: 'copy', id: `${calendarId} ${eventId}` }]);
}
