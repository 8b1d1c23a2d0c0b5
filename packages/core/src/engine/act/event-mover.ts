import type { CalendarEvent, EventPatch, EventDraft } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite } from '../../rules/decision.js';
import { draftOf } from '../../rules/event-marks.js';
import { isBookable, isMarkedCanceled, isMarkedFor, isOfClosedCalendar } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { copyOf, unreadCopyOf, copyId } from './copies-of-event.js';

type Moved = Promise<Result<CalendarEvent, SyncError>>;

/** Moves an event and returns it. `conflict` if its time differs from the expected one. */
export async function moveEvent(appointmentId: string, write: EventWrite, moveTo: string, parts: EngineParts): Moved {
  const { eventId } = write;
  let { assumed } = write;
  if (write.fields.single) {
    // Only single events can certainly be moved.
    const patch: EventPatch = { single: true, appointmentId, bay: write.base.bay };
    const single = await parts.calendars.patchEvent(write.calendarId, eventId, patch, write.ifMatch);
    if (single.err) return single;
    assumed = single.val;
  }
  const moved = await moveOver(appointmentId, write, moveTo, parts);
  if (moved.err) return moved;
  const { start, end } = moved.val;
  return assumed === null || (start === assumed.start && end === assumed.end)
    ? moved
    : Err(editedMeanwhile(parts.systems.calendars, eventId));
}

async function moveOver(appointmentId: string, write: EventWrite, moveTo: string, parts: EngineParts): Moved {
  const { calendarId, eventId } = write;
  if (!parts.calendars.moveEvent) return Err(cannotMove(parts.systems.calendars));
  const moved = await parts.calendars.moveEvent(calendarId, eventId, moveTo);
  if (moved.ok || moved.val.kind !== 'conflict') return moved;
  const inTheWay = await parts.calendars.getEvent(moveTo, eventId);
  if (inTheWay.err) return moved;
  if (inTheWay.val.state === 'gone') return recreateInTarget(appointmentId, write, moveTo, parts);
  if (isMarkedCanceled(inTheWay.val)) {
    const removed = await removeEvent(moveTo, eventId, parts);
    return removed.err ? removed : moveOver(appointmentId, write, moveTo, parts);
  }
  if (!isMarkedFor(inTheWay.val, appointmentId)) return moved;
  const removed = await removeEvent(calendarId, eventId, parts);
  return removed.err ? removed : inTheWay;
}

/** Restores the tombstone in the target calendar with the content of the event, and deletes the event here. */
async function recreateInTarget(
  appointmentId: string,
  { calendarId, eventId, base }: EventWrite,
  moveTo: string,
  parts: EngineParts,
): Moved {
  const here = await parts.calendars.getEvent(calendarId, eventId);
  if (here.err) return here;
  if (!isBookable(here.val)) return Err(editedMeanwhile(parts.systems.calendars, eventId));
  const { start, end, title, description, free } = here.val;
  const patch: EventPatch = { start, end, title, description, free, appointmentId, bay: base.bay, revive: true };
  const there = await parts.calendars.patchEvent(moveTo, eventId, patch, null);
  if (there.err) return there;
  const removed = await removeEvent(calendarId, eventId, parts);
  return removed.err ? removed : there;
}

/** Deletes an event. A deleted event is no error. */
async function removeEvent(calendarId: string, eventId: string, parts: EngineParts): Promise<Result<void, SyncError>> {
  const removed = await parts.calendars.deleteEvent(calendarId, eventId);
  return removed.err && isAbsent(removed.val) ? Ok.EMPTY : removed;
}

/** The event changed before its move: requires a new decision from its current place. */
function editedMeanwhile(system: SyncSystem, eventId: string): SyncError {
  const message = `event ${eventId} was edited before it was moved`;
  return { kind: 'conflict', system, method: 'moveEvent', message };
}

function cannotMove(system: SyncSystem): SyncError {
  return { kind: 'invalid', system, method: 'moveEvent', message: 'the calendar system cannot move events' };
}

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
  return parts.store.deleteEventRecords([{ kind: 'copy', id: copyId({ calendarId, eventId }) }]);
}
