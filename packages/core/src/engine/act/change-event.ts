import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Bay } from '../../domain/bay.js';
import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { sameTexts } from '../../domain/content.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, Err, type Result } from '../../result.js';
import type { EventWrite, RoutedContent } from '../../rules/decision.js';
import { draftOf } from '../../rules/event-marks.js';
import { writeKind } from '../../rules/event-write.js';
import { isActiveEvent, isOfClosedCalendar, type Routing } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import { forgetCandidate, nextCopy, unreadCopyOf } from './copies-of-event.js';
import { cancelEvent } from './event-canceler.js';
import { removeLeft } from './event-mover.js';
import { createEvent, writeEvent, revive, type WrittenEvent, type Written } from './event-writer.js';
import type { ActionOf, Executed } from './executor.js';
import { beginChange, currentMap, hasRoute, mapOf, markCanceled, putMap } from './map-writer.js';

type Stored = Promise<Result<BookingEventMap, SyncError>>;
type Done = Promise<Result<Executed, SyncError>>;

/** Stores the map after a write that made the event show the booking. */
async function show(
  written: Result<WrittenEvent, SyncError>,
  { map }: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  if (written.err) return written;
  const { event } = written.val;
  // A user has made it a series or an all-day event meanwhile. Without the etag it is read again and corrected
  // (docs/decision-table.md#row-20).
  const isOtherShape = event.state === 'live' && event.shape !== 'timed';
  const shown = isOtherShape ? { ...written.val, event: { ...event, etag: '' } } : written.val;
  const stored = await putMap(mapOf(task.appointmentId, map, shown, 'USCHEDULE'), task, parts);
  const { left } = written.val;
  if (stored.err || !left) return stored;
  const removed = await removeLeft(left, parts);
  return removed.err ? removed : stored;
}

/**
 * Creates the event. If the appointment has an event already, the next round decides about it
 * (docs/decision-table.md#row-4).
 */
export async function createMirror(
  { bay, base }: ActionOf<'create-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Done {
  const { map } = situation;
  const { appointmentId, createdAt } = task;
  const at = parts.clock.now();
  const created = await createEvent({ appointmentId, createdAt, isFirst: map === null }, bay, base, parts);
  if (created.ok && created.val.isFound) {
    const next = { ...situation, event: { at, event: created.val.event, proven: true } };
    return Ok({ map, next, wrote: false });
  }
  return written(await show(created, situation, task, parts));
}

/** The event was changed. `next`: the situation that is left to decide about. */
function written(
  stored: Result<BookingEventMap, SyncError>,
  next: (map: BookingEventMap) => Situation | null = () => null,
): Result<Executed, SyncError> {
  return stored.map((map) => ({ map, next: next(map), wrote: true }));
}

export async function adoptEvent(
  { event, base, write }: ActionOf<'adopt-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Done {
  const shown = write ? await writeEvent(task.appointmentId, write, null, parts) : Ok({ event, base });
  const stored = await show(shown, situation, task, parts);
  const forgotten = stored.ok ? await forgetCandidate(event, task.appointmentId, parts.store) : stored;
  if (forgotten.err) return forgotten;
  return written(stored, (map) => {
    // Our insert was edited before its map was stored: the edit is decided next.
    if (event.etag === '') return { ...situation, map, event: situation.event ?? situation.derived ?? undefined };
    return withDuplicates(situation, map);
  });
}

/**
 * An event was adopted, and others with the marks of the appointment were observed with it.
 *
 * @returns null if there were no others
 */
export function withDuplicates(situation: Situation, map: BookingEventMap | null): Situation | null {
  if (situation.map !== null || (situation.others ?? []).length === 0) return null;
  return { ...situation, map, event: undefined };
}

/**
 * Stores an intent before a change of place or text, because afterwards the change cannot be distinguished from a user's
 * edit. Moving the event back to the place of the map needs no intent.
 */
export async function writeAnnounced(
  { write }: ActionOf<'write-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Done {
  let map = currentMap(situation, write.base, parts);
  const { start, title, description } = write.fields;
  const moves = map && (write.moveTo !== null || start !== undefined) && isNewPlace(write.base, map, parts);
  const texts = { title: title !== undefined, description: description !== undefined };
  if (map && (moves || texts.title || texts.description)) {
    const begun = await beginChange(writeKind(texts, map.intent), map, write.base, task, parts);
    if (begun.err) return begun;
    map = begun.val;
  }
  // A write of the marks only is not the write that the map announces, and must not prove that it arrived.
  const isStamp = isStampOnly(write);
  const done = await writeEvent(task.appointmentId, write, isStamp ? null : (map?.intent?.write ?? null), parts);
  // An edit that the answer of such a write shows is still a change.
  const isEdited = done.ok && map && isStamp && isElsewhere(done.val.event, write, parts.rules.routing);
  const stored =
    isEdited && map
      ? await putMap({ ...map, etag: '' }, task, parts)
      : await show(done, { ...situation, map }, task, parts);
  return written(stored, (shown) => (shown.etag === '' ? readAgain(situation, shown) : null));
}

/** Does the write change only our marks? */
export function isStampOnly({ moveTo, fields }: EventWrite): boolean {
  return moveTo === null && Object.keys(fields).length === 0;
}

/**
 * Has the event another place than the write wants? Both sides may have been moved to that place since the map was stored:
 * then the place of the map is outdated, and the event shows no edit.
 */
export function isElsewhere(
  { start, end, calendarId }: CalendarEvent,
  { base }: EventWrite,
  routing: Routing,
): boolean {
  return start !== base.start || end !== base.end || calendarId !== routing.ofBay(base.bay)?.calendarId;
}

/** Returns the situation in which the event is read again and decided. */
export function readAgain(situation: Situation, map: BookingEventMap): Situation {
  return { ...situation, map, event: undefined, reread: { event: refOf(map), booking: false } };
}

export async function restoreMirror(
  { bay, base }: ActionOf<'restore-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Done {
  const map = currentMap(situation, base, parts);
  if (!map) return written(await show(await createEvent(task, bay, base, parts), situation, task, parts));
  const words = !sameTexts(base, map.base);
  const kind = words ? 'write-text' : 'write-event';
  const begun = words || isNewPlace(base, map, parts) ? await beginChange(kind, map, base, task, parts) : Ok(map);
  if (begun.err) return begun;
  const restored = await restoreEvent(begun.val, bay, base, task.createdAt, parts);
  return written(await show(restored, { ...situation, map: begun.val }, task, parts));
}

function isNewPlace(
  { start, end, bay }: RoutedContent,
  { base, googleCalendarId }: BookingEventMap,
  parts: EngineParts,
): boolean {
  const stays = parts.rules.routing.ofBay(bay)?.calendarId === googleCalendarId;
  return !stays || start !== base.start || end !== base.end;
}

export async function removeMirror(
  { event }: ActionOf<'cancel-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Done {
  const { map, booking } = situation;
  const at = event ?? (map && refOf(map));
  const ifMatch = (event?.etag ?? map?.etag) || null;
  // The answer may be lost, and the booking live again by then: from here on a missing event is no deletion by a person.
  const isDeletion = map?.status === 'ACTIVE' && event?.state !== 'gone' && parts.settings.google.cancel === 'delete';
  const begun = isDeletion ? await putMap({ ...map, flags: { ...map.flags, deleting: true } }, task, parts) : Ok(map);
  if (begun.err) return begun;
  const left = at ? await cancelEvent(task.appointmentId, at, event, ifMatch, parts) : Ok(null);
  if (left.err) return left;
  if (!map) return Ok({ map, next: null, wrote: true });
  const bay = hasRoute(booking, parts) ? map.base.bay : null;
  const { version } = begun.val ?? map;
  const canceled = markCanceled({ ...map, version, base: { ...map.base, bay } }, 'USCHEDULE', left.val);
  const stored = await putMap(canceled, task, parts);
  if (stored.err) return stored;
  return Ok({ map: stored.val, next: await nextCopy(stored.val, situation, parts), wrote: true });
}

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
  const ref = refOf(map);
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
