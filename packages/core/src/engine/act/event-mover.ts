import type { CalendarEvent, EventPatch } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { EngineParts } from '../engine-parts.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite } from '../../rules/decision.js';
import { isBookable, isMarkedCanceled, isMarkedFor } from '../../rules/rules.js';
import { isAbsent } from '../observe/event-reader.js';

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
export function editedMeanwhile(system: SyncSystem, eventId: string): SyncError {
  const message = `event ${eventId} was edited before it was moved`;
  return { kind: 'conflict', system, method: 'moveEvent', message };
}

function cannotMove(system: SyncSystem): SyncError {
  return { kind: 'invalid', system, method: 'moveEvent', message: 'the calendar system cannot move events' };
}
