import type { Bay } from '../../domain/bay.js';
import type { CalendarEvent, EventDraft, EventPatch } from '../../domain/calendar-event.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Err, Ok, type Result } from '../../result.js';
import type { EventWrite, RoutedContent } from '../../rules/decision.js';
import { derivedEventId, derivedGeneration, digestsOf, draftOf, insertOf } from '../../rules/event-marks.js';
import { fullWrite } from '../../rules/event-write.js';
import { isActiveFor, isOrdinary, isOfClosedCalendar } from '../../rules/rules.js';
import type { EngineParts } from '../engine-parts.js';
import { findElsewhere, isAbsent, proveReadable, readAt } from '../observe/event-reader.js';
import { moveEvent, beginRecreation } from './event-mover.js';

/** The result of a write to an event, and the content of the agreement after it. */
export interface WrittenEvent {
  readonly event: CalendarEvent;
  readonly base: RoutedContent;
  /** An event of the appointment has the id of the insert already. Nothing was written: the next round decides about it. */
  readonly isFound?: true;
  /** The event that this one replaces. It is deleted after the map names this one. */
  readonly left?: CalendarEvent;
}

/** The task of an insert. */
type InsertingTask = Pick<ClaimedTask, 'appointmentId' | 'createdAt'> & {
  /** No map is stored yet: if an event with this id exists, the next round decides whether to adopt it. */
  readonly isFirst?: boolean;
};

export type Written = Promise<Result<WrittenEvent, SyncError>>;

/** Maximum number of unusable ids before giving up. Each one means a deletion that cannot be undone. */
const MAX_GENERATIONS = 10;

/**
 * Inserts an event under the derived id. If the id exists, its event is read: an event of ours is returned if the task is
 * the first one, or changed, and a deleted one is restored.
 */
export async function createEvent(task: InsertingTask, bay: Bay, base: RoutedContent, parts: EngineParts): Written {
  return insertUnder({ task, bay, base, draft: draftOf(task, base, bay.calendarId), firstGeneration: 0 }, parts);
}

/** The content and the ids of an insert. */
interface Insertion {
  readonly task: InsertingTask;
  readonly bay: Bay;
  readonly base: RoutedContent;
  readonly draft: EventDraft;
  readonly firstGeneration: number;
}

async function insertUnder(insertion: Insertion, parts: EngineParts): Written {
  const { calendars } = parts;
  const { task, bay, base, draft, firstGeneration } = insertion;
  const { appointmentId } = task;
  let last: SyncError | null = null;
  for (let generation = firstGeneration; generation < firstGeneration + MAX_GENERATIONS; generation++) {
    const eventId = derivedEventId(appointmentId, generation);
    const handedOver = await isHandedOver(eventId, appointmentId, parts);
    if (handedOver.err) return handedOver;
    if (handedOver.val) {
      const made = await adoptOfAnother(insertion, eventId, parts);
      if (made.err) return made;
      if (made.val) return Ok(made.val);
      continue;
    }
    const inserted = await calendars.insertEvent(bay.calendarId, eventId, draft);
    if (inserted.ok) {
      parts.accounts.learn(inserted.val.creatorEmail);
      return Ok({ event: inserted.val, base });
    }
    // A conflict of the store means a lost lease, not a used id.
    if (inserted.val.kind !== 'conflict' || inserted.val.system === 'store') return inserted;
    last = inserted.val;
    const taken = await adoptExisting(insertion, eventId, parts);
    if (taken.err) return taken;
    if (taken.val) return Ok(taken.val);
  }
  return Err(last ?? invalid(parts.systems.calendars, `no event id is left for appointment ${appointmentId}`));
}

/**
 * Does this event id, in any calendar, belong to another appointment? The event was transferred to a new appointment
 * id, and the booking system uses the old appointment id again. After a loss of the store only its marks show it.
 */
async function isHandedOver(
  eventId: string,
  appointmentId: string,
  { store, markedEvents }: EngineParts,
): Promise<Result<boolean, SyncError>> {
  if (markedEvents.isOfAnother(eventId, appointmentId)) return Ok(true);
  const found = await store.findMapByEvent(eventId);
  return found.map(
    (map) => map !== null && (map.uscheduleAppointmentId !== appointmentId || map.supersededBy !== null),
  );
}

/**
 * Another installation may have made an event under an id that was transferred here, for the later booking with this
 * appointment id. Returns null if there is none.
 */
async function adoptOfAnother(
  insertion: Insertion,
  eventId: string,
  parts: EngineParts,
): Promise<Result<WrittenEvent | null, SyncError>> {
  const { bay, task } = insertion;
  const read = await readAt({ calendarId: bay.calendarId, eventId }, parts);
  if (read.err) return read;
  return isActiveFor(read.val.event, task.appointmentId) ? adoptExisting(insertion, eventId, parts) : Ok(null);
}

/** Handles an existing id. Returns null if it can never be used again. */
async function adoptExisting(
  insertion: Insertion,
  eventId: string,
  parts: EngineParts,
): Promise<Result<WrittenEvent | null, SyncError>> {
  const { task, bay, base } = insertion;
  const existing = await readTaken(bay.calendarId, eventId, parts);
  if (existing.err) return isAbsent(existing.val) ? Ok(null) : existing;
  // The tombstone here may be the trace of a move to another bay.
  const ref = { calendarId: bay.calendarId, eventId };
  const found = existing.val.state === 'gone' ? await findElsewhere(ref, parts) : existing;
  if (found.err) return found;
  if (found.val === null) return reviveTaken(insertion, existing.val, parts);
  const { appointmentId } = task;
  // An event under a derived id is ours, also where its marks were removed (docs/decision-table.md#row-4).
  const markedFor = found.val.marks.appointmentId ?? appointmentId;
  if (markedFor !== appointmentId || !isOrdinary(found.val)) return Ok(null);
  if (task.isFirst === true) return Ok({ event: found.val, base, isFound: true });
  const write = fullWrite(found.val, { bay, base });
  return write ? writeEvent(appointmentId, write, null, parts) : Ok({ event: found.val, base });
}

/** An event that this task inserted in an earlier attempt, and that was deleted since, is returned as it is. */
async function reviveTaken(
  { task, bay, base, draft }: Insertion,
  event: CalendarEvent,
  parts: EngineParts,
): Promise<Result<WrittenEvent | null, SyncError>> {
  const { appointmentId, createdAt } = task;
  const { eventId, marks } = event;
  const isOwnInsert = marks.appointmentId === appointmentId && insertOf(marks.write, createdAt) !== null;
  if (task.isFirst === true && isOwnInsert) return Ok({ event, base, isFound: true });
  return revive(bay.calendarId, eventId, draft, base, parts);
}

/** Reads the event of a used id. "Not found" counts only if the calendar is readable and the event is still missing. */
async function readTaken(
  calendarId: string,
  eventId: string,
  parts: EngineParts,
): Promise<Result<CalendarEvent, SyncError>> {
  const read = await parts.calendars.getEvent(calendarId, eventId);
  if (read.ok || read.val.kind !== 'not-found') return read;
  const readable = await proveReadable(calendarId, parts);
  return readable.err ? readable : parts.calendars.getEvent(calendarId, eventId);
}

/** Restores a deleted event. Null if it cannot be restored. */
export async function revive(
  calendarId: string,
  eventId: string,
  draft: EventDraft,
  base: RoutedContent,
  parts: EngineParts,
): Promise<Result<WrittenEvent | null, SyncError>> {
  const patch = { ...draft, revive: true as const };
  const revived = await parts.calendars.patchEvent(calendarId, eventId, patch, null);
  if (revived.ok) return revived.val.state === 'live' ? Ok({ event: revived.val, base }) : Ok(null);
  // An event that may not be changed cannot be restored: the next generation replaces it.
  const isBurnt = isAbsent(revived.val) || revived.val.kind === 'invalid' || revived.val.scope === 'event';
  return isBurnt ? Ok(null) : revived;
}

/** Moves the event first if necessary, then changes its fields and marks. */
export async function writeEvent(
  appointmentId: string,
  write: EventWrite,
  writeId: string | null,
  parts: EngineParts,
): Written {
  if (write.moveTo !== null && !parts.rules.canMoveEvents) return recreateEvent(appointmentId, write, writeId, parts);
  let { calendarId, ifMatch } = write;
  const isLeavable = (error: SyncError): boolean =>
    !isAbsent(error) && isOfClosedCalendar(error, write.calendarId, parts.rules);
  if (write.moveTo !== null) {
    const moved = await moveEvent(appointmentId, write, write.moveTo, parts);
    if (moved.err) return isLeavable(moved.val) ? recreateEvent(appointmentId, write, writeId, parts) : moved;
    calendarId = write.moveTo;
    ifMatch = moved.val.etag;
  }
  const patch: EventPatch = {
    ...write.fields,
    ...digestsOf(write.fields),
    ...(writeId === null ? {} : { write: writeId }),
    appointmentId,
    bay: write.base.bay,
  };
  const patched = await parts.calendars.patchEvent(calendarId, write.eventId, patch, ifMatch);
  return patched.ok ? Ok({ event: patched.val, base: write.base }) : patched;
}

/** Creates the event again in the other bay's calendar, under the next derived id. */
async function recreateEvent(
  appointmentId: string,
  write: EventWrite,
  writeId: string | null,
  parts: EngineParts,
): Written {
  const bay = parts.rules.routing.ofBay(write.base.bay);
  if (!bay) return Err(invalid(parts.systems.calendars, `bay ${write.base.bay} has no calendar`));
  const begun = await beginRecreation(appointmentId, write, parts);
  if (begun.err) return begun;
  const { left } = begun.val;
  const texts = digestsOf(write.fields);
  const draft = { ...begun.val.draft, ...texts, ...(writeId === null ? {} : { write: writeId }) };
  const generation = derivedGeneration(write.eventId, appointmentId) ?? -1;
  // A move whose answer was lost has the same id there.
  const firstGeneration = Math.max(0, parts.rules.canMoveEvents ? generation : generation + 1);
  const task = { appointmentId, createdAt: parts.clock.now() };
  const made = await insertUnder({ task, bay, base: write.base, draft, firstGeneration }, parts);
  return made.err || !left ? made : Ok({ ...made.val, left });
}

function invalid(system: SyncSystem, message: string): SyncError {
  return { kind: 'invalid', system, method: 'insertEvent', message };
}
