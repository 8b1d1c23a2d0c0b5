import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { sameTexts } from '../../domain/content.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { Action, RoutedContent } from '../../rules/decision.js';
import { writeKind } from '../../rules/intent-kind.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { forgetCandidate } from './copy-record.js';
import { cancelEvent } from './event-canceler.js';
import { removeLeft } from './event-recreation.js';
import { createEvent, writeEvent, type WrittenEvent } from './event-writer.js';
import type { ActionOf, Executed } from './executor.js';
import { beginChange, currentMap, hasRoute, mapOf, markCanceled, putMap, withoutBay } from './map-writer.js';
import { isElsewhere, isStampOnly } from './next-situation.js';
import { restoreEvent } from './restore-event.js';

type Stored = Promise<Result<BookingEventMap | null, SyncError>>;

/** Executes the actions that change the event, or only the map. */
export async function changeEvent(
  action: Exclude<
    Action,
    {
      readonly do:
        | 'nothing'
        | 'note'
        | `record-${string}`
        | 'forget-edit'
        | 'remove-copy'
        | 'create-event'
        | `${string}-reschedule`
        | `${string}-booking`;
    }
  >,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  switch (action.do) {
    case 'adopt-event':
      return adopt(action, situation, task, parts);
    case 'write-event':
      return writeAnnounced(action, situation, task, parts);
    case 'restore-event':
      return restore(action, situation, task, parts);
    case 'cancel-event':
      return removeEvent(action, situation, task, parts);
    case 'store-map':
      return putMap(action.map, task, parts);
  }
}

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
): Promise<Result<Executed, SyncError>> {
  const { map } = situation;
  const { appointmentId, createdAt } = task;
  const at = parts.clock.now();
  const created = await createEvent({ appointmentId, createdAt, isFirst: map === null }, bay, base, parts);
  if (created.ok && created.val.isFound) {
    const next = { ...situation, event: { at, event: created.val.event, proven: true } };
    return Ok({ map, next, wrote: false });
  }
  const shown = await show(created, situation, task, parts);
  return shown.map((stored) => ({ map: stored, next: null, wrote: true }));
}

async function adopt(
  action: ActionOf<'adopt-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  const { event, base, write } = action;
  const written = write ? await writeEvent(task.appointmentId, write, null, parts) : Ok({ event, base });
  const stored = await show(written, situation, task, parts);
  const forgotten = stored.ok ? await forgetCandidate(event, task.appointmentId, parts.store) : stored;
  return forgotten.err ? forgotten : stored;
}

/**
 * Stores an intent before a change of place or text, because afterwards the change cannot be distinguished from a user's
 * edit. Moving the event back to the place of the map needs no intent.
 */
async function writeAnnounced(
  { write }: ActionOf<'write-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  let map = currentMap(situation, write.base, parts);
  const { start, title, description } = write.fields;
  const moves = map && (write.moveTo !== null || start !== undefined) && isNewPlace(write.base, map, parts);
  const texts = { title: title !== undefined, description: description !== undefined };
  if (map && (moves || texts.title || texts.description)) {
    const begun = await beginChange(writeKind(texts, map.intent), map, write.base, task, parts);
    if (begun.err) return begun;
    map = begun.val;
  }
  const written = await writeEvent(task.appointmentId, write, map?.intent?.write ?? null, parts);
  // Only the marks were written: an edit that the answer shows is still a change.
  if (written.ok && map && isStampOnly(write) && isElsewhere(written.val.event, write, parts.rules.routing)) {
    return putMap({ ...map, etag: '' }, task, parts);
  }
  return show(written, { ...situation, map }, task, parts);
}

async function restore(
  { bay, base }: ActionOf<'restore-event'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  const map = currentMap(situation, base, parts);
  if (!map) return show(await createEvent(task, bay, base, parts), situation, task, parts);
  const words = !sameTexts(base, map.base);
  const kind = words ? 'write-text' : 'write-event';
  const begun = words || isNewPlace(base, map, parts) ? await beginChange(kind, map, base, task, parts) : Ok(map);
  if (begun.err) return begun;
  return show(
    await restoreEvent(begun.val, bay, base, task.createdAt, parts),
    { ...situation, map: begun.val },
    task,
    parts,
  );
}

function isNewPlace(
  { start, end, bay }: RoutedContent,
  { base, googleCalendarId }: BookingEventMap,
  parts: EngineParts,
): boolean {
  const stays = parts.rules.routing.ofBay(bay)?.calendarId === googleCalendarId;
  return !stays || start !== base.start || end !== base.end;
}

async function removeEvent(
  { event }: ActionOf<'cancel-event'>,
  { map, booking }: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Stored {
  const at = event ?? (map && { calendarId: map.googleCalendarId, eventId: map.googleEventId });
  const ifMatch = (event?.etag ?? map?.etag) || null;
  const left = at ? await cancelEvent(task.appointmentId, at, event, ifMatch, parts) : Ok(null);
  if (left.err) return left;
  if (!map) return Ok(null);
  return putMap(markCanceled(hasRoute(booking, parts) ? map : withoutBay(map), 'USCHEDULE', left.val), task, parts);
}
