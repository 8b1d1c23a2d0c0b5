import type { CalendarEvent, EventPatch } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import { textDigest } from '../../rules/event-marks.js';
import { CANCELED_PREFIX } from '../../rules/event-text.js';
import { isMarkedCanceled, isOfClosedCalendar } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { findElsewhere, isAbsent, proveReadable } from '../observe/event-reader.js';

/**
 * Deletes the event, or marks it as cancelled. An event that is not in its calendar is searched in the calendars of the
 * other bays. A missing event counts as done. Returns the event after the write, or null if it no longer exists.
 */
export async function cancelEvent(
  appointmentId: string,
  at: EventRef,
  seen: CalendarEvent | null,
  ifMatch: string | null,
  parts: EngineParts,
): Promise<Result<CalendarEvent | null, SyncError>> {
  if (seen?.state === 'live' && isMarkedCanceled(seen)) return Ok(seen);
  // The observed tombstone may only be the trace of a move.
  const done =
    seen?.state === 'gone'
      ? Err(gone(parts.systems.calendars, at))
      : await cancelAt(appointmentId, at, seen, ifMatch, parts);
  if (done.ok) return done;
  const isLeft = isLeftBehind(done.val, at, parts);
  if (!isAbsent(done.val) && !isLeft) return done;
  if (isLeft) reportLeft(appointmentId, at, done.val, parts);
  const readable = isLeft || done.val.kind === 'gone' ? Ok.EMPTY : await proveReadable(at.calendarId, parts);
  if (readable.err) return readable;
  const elsewhere = await findElsewhere(at, parts);
  if (elsewhere.err) return elsewhere;
  if (elsewhere.val === null) return Ok(null);
  const markedFor = elsewhere.val.marks.appointmentId ?? appointmentId;
  if (markedFor !== appointmentId) return Err(otherMarks(parts.systems.calendars, elsewhere.val));
  const again = await cancelAt(appointmentId, elsewhere.val, elsewhere.val, elsewhere.val.etag, parts);
  return again.err && isAbsent(again.val) ? Ok(null) : again;
}

/** The event stays in a calendar that belongs to no bay any more. A transient fault is retried first. */
function isLeftBehind(error: SyncError, { calendarId }: EventRef, { rules }: EngineParts): boolean {
  const mayPass = error.kind === 'transient' && error.unsent !== true;
  return isOfClosedCalendar(error, calendarId, rules) && error.kind !== 'gone' && !mayPass;
}

function reportLeft(
  appointmentId: string,
  { calendarId, eventId }: EventRef,
  { kind, message: why }: SyncError,
  { clock, emit }: EngineParts,
): void {
  if (kind === 'not-found') return;
  const message = `event ${eventId} stays in ${calendarId}, which belongs to no bay of the settings: ${why}`;
  emit({ type: 'notice', at: clock.now(), level: 'warn', message, appointmentId, calendarId });
}

async function cancelAt(
  appointmentId: string,
  at: EventRef,
  seen: CalendarEvent | null,
  ifMatch: string | null,
  parts: EngineParts,
): Promise<Result<CalendarEvent | null, SyncError>> {
  const { calendars, settings, rules } = parts;
  if (settings.google.cancel === 'delete') {
    const deleted = await calendars.deleteEvent(at.calendarId, at.eventId, ifMatch);
    return deleted.ok ? Ok(null) : deleted;
  }
  const read = seen ? Ok(seen) : await calendars.getEvent(at.calendarId, at.eventId);
  if (read.err) return read;
  if (read.val.state === 'gone') return Err(gone(parts.systems.calendars, at));
  if (isMarkedCanceled(read.val)) return Ok(read.val);
  // The marks of an observed event were checked by the decision.
  const markedFor = seen ? appointmentId : (read.val.marks.appointmentId ?? appointmentId);
  if (markedFor !== appointmentId) return Err(otherMarks(parts.systems.calendars, read.val));
  const title = canceledTitle(read.val.title);
  const patch: EventPatch = {
    title,
    titleDigest: textDigest(title),
    free: true,
    appointmentId,
    bay: rules.routing.ofCalendar(at.calendarId)?.bay ?? '',
  };
  return calendars.patchEvent(at.calendarId, at.eventId, patch, read.val.etag || null);
}

function gone(system: SyncSystem, { eventId }: EventRef): SyncError {
  return { kind: 'gone', system, method: 'getEvent', message: `event ${eventId} is deleted` };
}

/** Requires a new decision, with the marks of the current event. */
function otherMarks(system: SyncSystem, { eventId, marks }: CalendarEvent): SyncError {
  const message = `event ${eventId} carries the marks of appointment ${marks.appointmentId ?? ''}`;
  return { kind: 'conflict', system, method: 'getEvent', message };
}

/** Adds the prefix once, even if the event was marked before. */
function canceledTitle(title: string): string {
  return title.startsWith(CANCELED_PREFIX) ? title : CANCELED_PREFIX + title;
}
