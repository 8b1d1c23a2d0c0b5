import { refOf } from '../domain/booking-event-map.js';
import { copyId } from './act/copies-of-event.js';
import { copiesOf, type CopyRecord } from '../domain/event-record.js';
import type { SyncError } from '../domain/sync-error.js';
import { Ok, type Result } from '../result.js';
import { reasonToKeep } from '../rules/reason-to-keep.js';
import { isMirrorOrCandidate } from '../rules/observed-events.js';
import { isOfClosedCalendar } from '../rules/rules.js';
import type { EngineParts } from './engine-parts.js';
import { isAbsent, readEvent } from './observe/event-reader.js';

/** A copy: an event with the marks of an appointment that another event mirrors (docs/decision-table.md#row-25). */
export interface EventCopy {
  readonly appointmentId: string;
  readonly calendarId: string;
  readonly eventId: string;
  readonly bay: string | null;
  readonly title: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly creatorEmail: string | null;
  /** The event that mirrors the appointment. Null if there is none. */
  readonly mirrorEventId: string | null;
}

/** The result of a removal of copies. */
export interface RemovedCopies {
  readonly removed: readonly EventCopy[];
  /** The kept copies, with the reason. */
  readonly kept: readonly (EventCopy & { readonly why: string })[];
}

type Parts = Pick<EngineParts, 'store' | 'rules' | 'accounts'>;

export async function listCopies({
  store,
  rules,
}: Pick<Parts, 'store' | 'rules'>): Promise<Result<readonly EventCopy[], SyncError>> {
  const records = await store.listEventRecords({ kind: 'copy' });
  if (records.err) return records;
  const copies: EventCopy[] = [];
  for (const record of copiesOf(records.val)) {
    const map = await store.getMap(record.appointmentId);
    if (map.err) return map;
    if (isMirrorOrCandidate(record, map.val)) continue;
    copies.push(
      copyOf(record, rules.routing.ofCalendar(record.calendarId)?.bay ?? null, map.val?.googleEventId ?? null),
    );
  }
  return Ok(copies);
}

/**
 * Deletes the exact duplicates that our own or a former account created: the same time, bay, title and description as the
 * mirror. The mirror is read before each removal and must be live. Each copy is deleted with the etag of its reading.
 */
export async function removeCopies(parts: EngineParts): Promise<Result<RemovedCopies, SyncError>> {
  const listed = await listCopies(parts);
  return listed.err ? listed : removeEach(listed.val, (copy) => removeCopy(copy, parts));
}

/** @param remove removes one event, and returns null if it is gone, else why it was kept */
export async function removeEach(
  events: readonly EventCopy[],
  remove: (event: EventCopy) => Promise<Result<string | null, SyncError>>,
): Promise<Result<RemovedCopies, SyncError>> {
  const removed: EventCopy[] = [];
  const kept: (EventCopy & { readonly why: string })[] = [];
  for (const event of events) {
    const why = await remove(event);
    if (why.err) return why;
    if (why.val === null) removed.push(event);
    else kept.push({ ...event, why: why.val });
  }
  return Ok({ removed, kept });
}

/** @returns null if it is deleted; else why it was kept */
async function removeCopy(copy: EventCopy, parts: EngineParts): Promise<Result<string | null, SyncError>> {
  const { store, calendars, accounts, rules } = parts;
  const map = await store.getMap(copy.appointmentId);
  if (map.err) return map;
  if (map.val?.status !== 'ACTIVE') return Ok('its appointment is not mirrored');
  const seen = await calendars.getEvent(copy.calendarId, copy.eventId);
  const forget = (): Promise<Result<void, SyncError>> => store.deleteEventRecords([{ kind: 'copy', id: copyId(copy) }]);
  if (seen.err) {
    const isClosed = isOfClosedCalendar(seen.val, copy.calendarId, rules);
    if (!isAbsent(seen.val)) return isClosed ? Ok(seen.val.message) : seen;
    const forgotten = await forget();
    return forgotten.err ? forgotten : Ok(null);
  }
  const mirror = await readEvent(refOf(map.val), parts);
  if (mirror.err) return mirror;
  const why = reasonToKeep(seen.val, mirror.val.event, copy.appointmentId, accounts.addresses, rules);
  if (why !== null) return Ok(why);
  const deleted = await calendars.deleteEvent(copy.calendarId, copy.eventId, seen.val.etag || null);
  if (deleted.err && !isAbsent(deleted.val)) {
    return deleted.val.kind === 'conflict' ? Ok('it was changed a moment ago') : deleted;
  }
  const forgotten = await forget();
  return forgotten.err ? forgotten : Ok(null);
}

function copyOf(
  { appointmentId, calendarId, eventId, title, start, end, creatorEmail }: CopyRecord,
  bay: string | null,
  mirrorEventId: string | null,
): EventCopy {
  return { appointmentId, calendarId, eventId, bay, title, start, end, creatorEmail, mirrorEventId };
}
