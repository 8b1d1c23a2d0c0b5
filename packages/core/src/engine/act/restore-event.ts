import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import { isOfClosedCalendar } from '../../rules/closed-calendar.js';
import type { RoutedContent } from '../../rules/decision.js';
import { draftOf } from '../../rules/event-marks.js';
import { isActiveEvent } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { unreadCopyOf } from './copy-record.js';
import { createEvent, revive, type Written } from './event-writer.js';

/** Restores a deleted event with all of the booking's content. If that is impossible, creates a new one. */
export async function restoreEvent(
  map: BookingEventMap,
  bay: Bay,
  base: RoutedContent,
  createdAt: Instant,
  parts: EngineParts,
): Written {
  const task = { appointmentId: map.uscheduleAppointmentId, createdAt };
  if (map.googleCalendarId === bay.calendarId) {
    const { write } = map.intent ?? {};
    const draft = { ...draftOf(task, base), ...(write === undefined ? {} : { write }) };
    const revived = await revive(bay.calendarId, map.googleEventId, draft, base, parts);
    if (revived.err) return revived;
    if (revived.val) return Ok(revived.val);
    return createEvent(task, bay, base, parts);
  }
  const left = await proveLeft(map, parts);
  return left.err ? left : createEvent(task, bay, base, parts);
}

/**
 * Checks the old calendar: a user may have restored the event there, and then it has to be moved from there. An unreadable
 * calendar without a route is ignored, and its event is recorded as a copy.
 */
async function proveLeft(map: BookingEventMap, parts: EngineParts): Promise<Result<void, SyncError>> {
  const { calendars, rules, store, clock } = parts;
  const ref = { calendarId: map.googleCalendarId, eventId: map.googleEventId };
  const there = await calendars.getEvent(ref.calendarId, ref.eventId);
  if (there.err) {
    if (isAbsent(there.val)) return Ok.EMPTY;
    const isClosed = isOfClosedCalendar(there.val, map.googleCalendarId, rules);
    if (!isClosed) return there;
    return store.putEventRecords([unreadCopyOf(ref, map.uscheduleAppointmentId, map.base, clock.now())]);
  }
  return isActiveEvent(there.val) ? Err(backAgain(parts.systems.calendars, map)) : Ok.EMPTY;
}

/** Requires a new decision, with the existing event. */
function backAgain(system: SyncSystem, { googleEventId, googleCalendarId }: BookingEventMap): SyncError {
  const message = `event ${googleEventId} is back in ${googleCalendarId}`;
  return { kind: 'conflict', system, method: 'getEvent', message };
}
