import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Content } from '../../domain/content.js';
import { copiesOf, type CopyRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { isSamePlace, type ClaimedTask, type EventRef } from '../../domain/task.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Ok, type Result } from '../../result.js';
import { isDerivedEventId } from '../../rules/event-marks.js';
import { leftBehind } from '../../rules/observed-events.js';
import { isActiveFor } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent, readEvent } from '../observe/event-reader.js';
import type { ActionOf, Executed } from './executor.js';
import { putMap } from './map-writer.js';

/** Returns the id of the record of a copy. */
export function copyId({ calendarId, eventId }: EventRef): string {
  return `${calendarId} ${eventId}`;
}

/** Returns the record of an observed copy (docs/decision-table.md#row-25). */
export function copyOf(appointmentId: string, event: CalendarEvent, at: Instant): CopyRecord {
  const { calendarId, eventId, start, end, title, description, creatorEmail, createdAt } = event;
  const id = copyId(event);
  return {
    kind: 'copy',
    id,
    appointmentId,
    at,
    calendarId,
    eventId,
    start,
    end,
    title,
    description,
    creatorEmail,
    createdAt,
  };
}

/** Returns the record of a mirror that stays unreadable in a calendar that belongs to no bay any more. */
export function unreadCopyOf(
  { calendarId, eventId }: EventRef,
  appointmentId: string,
  { start, end, title, description }: Content,
  at: Instant,
): CopyRecord {
  const id = copyId({ calendarId, eventId });
  const unknown = { creatorEmail: null, createdAt: null };
  return { kind: 'copy', id, appointmentId, at, calendarId, eventId, start, end, title, description, ...unknown };
}

/**
 * Records events that may become mirrors and whose ids do not show it, before tasks name them: a task names only the event
 * that was listed last.
 */
export async function recordCandidates(
  events: ReadonlyMap<CalendarEvent, string>,
  at: Instant,
  store: Pick<SyncStore, 'listEventRecords' | 'putEventRecords'>,
): Promise<Result<void, SyncError>> {
  if (events.size === 0) return Ok.EMPTY;
  const records = await store.listEventRecords({ kind: 'copy' });
  if (records.err) return records;
  const recorded = new Set(records.val.map(({ id }) => id));
  const fresh = [...events].filter(([event]) => !recorded.has(copyId(event)));
  if (fresh.length === 0) return Ok.EMPTY;
  return store.putEventRecords(fresh.map(([event, id]) => ({ ...copyOf(id, event, at), isCandidate: true as const })));
}

/** Removes the record of a candidate that has become the mirror. Candidates are recorded like copies. */
export async function forgetCandidate(
  event: EventRef,
  appointmentId: string,
  store: Pick<SyncStore, 'deleteEventRecords'>,
): Promise<Result<void, SyncError>> {
  if (isDerivedEventId(event.eventId, appointmentId)) return Ok.EMPTY;
  return store.deleteEventRecords([{ kind: 'copy', id: copyId(event) }]);
}

/**
 * Returns the situation of the next copy that a canceled booking left behind at its time (docs/decision-table.md#row-23).
 * Reads only recorded copies. A copy that cannot be read keeps its record and stays listed.
 *
 * @returns null if there is none
 */
export async function nextCopy(
  map: BookingEventMap | null,
  situation: Situation,
  parts: EngineParts,
): Promise<Situation | null> {
  if (map?.status !== 'CANCELED') return null;
  const { appointmentId } = situation;
  const records = await parts.store.listEventRecords({ kind: 'copy', appointmentId });
  if (records.err) return null;
  for (const record of leftBehind(copiesOf(records.val), map)) {
    const reading = await readEvent(record, parts);
    if (reading.err) continue;
    if (isActiveFor(reading.val.event, appointmentId)) return { ...situation, map, event: reading.val };
    await parts.store.deleteEventRecords([record]);
  }
  return null;
}

/**
 * Corrects the map before a duplicate of its event is deleted. A person may delete the kept event in that moment, because there
 * are two: from here on a missing event is no deletion by a person (docs/decision-table.md#row-19).
 */
export async function removeCopy(
  { event, mirrorMap }: ActionOf<'remove-copy'>,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const { map } = situation;
  const { calendarId, eventId, etag } = event;
  const kept = mirrorMap ?? map;
  const isActive = kept?.status === 'ACTIVE';
  const stored = isActive ? await putMap({ ...kept, flags: { ...kept.flags, deleting: true } }, task, parts) : Ok(map);
  if (stored.err) return stored;
  const removed = await parts.calendars.deleteEvent(calendarId, eventId, etag || null);
  if (removed.err && !isAbsent(removed.val)) return removed;
  await parts.store.deleteEventRecords([{ kind: 'copy', id: copyId(event) }]);
  const others = situation.others?.filter((other) => other.event !== event) ?? [];
  const isAlong = !mirrorMap && situation.event?.event !== event && others.length < (situation.others?.length ?? 0);
  if (isAlong) return Ok({ map: stored.val, next: { ...situation, map: stored.val, others }, wrote: true });
  const { copies, mirror: _outdated, ...rest } = situation;
  if (copies && situation.event?.event.eventId !== eventId) {
    // This copy was found during the decision: the event of the task is decided next.
    const left = copies.filter((copy) => !isSamePlace(copy.event, event));
    return Ok({ map: stored.val, next: { ...rest, map: stored.val, copies: left }, wrote: true });
  }
  const next = mirrorMap ? null : await nextCopy(stored.val, situation, parts);
  return Ok({ map: stored.val, next, wrote: true });
}
