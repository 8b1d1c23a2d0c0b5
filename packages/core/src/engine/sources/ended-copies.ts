import type { CalendarEvent } from '../../domain/calendar-event.js';
import { copiesOf, type CopyRecord } from '../../domain/event-record.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { endedCopies, unlistedCopies } from '../../rules/observed-events.js';
import { copyId } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';

/** Removes the records of copies that a list shows as deleted or without our marks. */
export async function forgetCopies(
  events: readonly CalendarEvent[],
  { store }: Pick<EngineParts, 'store'>,
): Promise<Result<void, SyncError>> {
  if (events.length === 0) return Ok.EMPTY;
  const copies = await store.listEventRecords({ kind: 'copy' });
  if (copies.err) return copies;
  const ids = new Set(events.map(copyId));
  return forget(
    copiesOf(copies.val).filter(({ id }) => ids.has(id)),
    store,
  );
}

/**
 * Removes the records of copies that a full list does not show. Each is read first, since a list may lack events.
 *
 * @param listed the ids of the listed events
 */
export async function forgetAbsentCopies(
  calendarId: string,
  listed: ReadonlySet<string>,
  { store, calendars }: Pick<EngineParts, 'store' | 'calendars'>,
): Promise<Result<void, SyncError>> {
  const copies = await store.listEventRecords({ kind: 'copy' });
  if (copies.err) return copies;
  const unlisted = unlistedCopies(copiesOf(copies.val), calendarId, listed);
  const read = await readAll(unlisted, calendars);
  return read.err ? read : forget(endedCopies(unlisted, read.val), store);
}

/** Returns the events that exist. */
async function readAll(
  copies: readonly CopyRecord[],
  calendars: EngineParts['calendars'],
): Promise<Result<readonly CalendarEvent[], SyncError>> {
  const events: CalendarEvent[] = [];
  for (const { calendarId, eventId } of copies) {
    const read = await calendars.getEvent(calendarId, eventId);
    if (read.ok) events.push(read.val);
    else if (!isAbsent(read.val)) return read;
  }
  return Ok(events);
}

function forget(
  copies: readonly CopyRecord[],
  store: EngineParts['store'],
): Promise<Result<void, SyncError>> | Result<void, SyncError> {
  const keys = copies.map(({ id }) => ({ kind: 'copy' as const, id }));
  return keys.length === 0 ? Ok.EMPTY : store.deleteEventRecords(keys);
}
