import { copyId } from '../act/copies-of-event.js';
import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { tombstone, type CalendarEvent } from '../../domain/calendar-event.js';
import { editsOf, type EditRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { editOf, hasSameBase, isEdit, isSameEdit } from '../../rules/edit-record.js';
import type { EngineParts } from '../engine-parts.js';
import { forgetHeld } from '../held-edits.js';
import type { WorkItem } from '../queue/appointment-state.js';

type Parts = Pick<EngineParts, 'store' | 'clock' | 'settings' | 'rules'>;

/** An event that differs from its map. */
export interface EditedMirror {
  readonly event: CalendarEvent;
  readonly map: BookingEventMap;
}

/**
 * Records the edits of one page before any of them is applied, if their number may trip the edit guard
 * (docs/decision-table.md#guards). A few edits are recorded by their own tasks.
 */
export async function noteEdits(
  mirrors: readonly EditedMirror[],
  now: Instant,
  parts: Parts,
): Promise<Result<void, SyncError>> {
  const edited = mirrors.filter(({ event, map }) => isEdit(event, map));
  if (edited.length <= parts.settings.rules.massChangeMinimum) return Ok.EMPTY;
  return noteNew(
    edited.map((mirror) => recordOf(mirror, now, parts)),
    parts,
  );
}

/**
 * Records the deletions that a full sync has found, in the same way.
 *
 * @param isResumed an administrator has confirmed their list
 */
export async function noteDeletions(
  works: readonly WorkItem[],
  maps: readonly BookingEventMap[],
  isResumed: boolean,
  parts: Parts,
): Promise<Result<void, SyncError>> {
  const { clock, store, settings } = parts;
  const ids = new Set(works.map(({ appointmentId }) => appointmentId));
  const edits = maps
    .filter((map) => ids.has(map.uscheduleAppointmentId))
    .map((map) => recordOf({ map, event: tombstone(refOf(map)) }, clock.now(), parts));
  if (isResumed) return store.putEventRecords(edits.map((edit) => ({ ...edit, state: 'released' })));
  return edits.length <= settings.rules.massChangeMinimum ? Ok.EMPTY : noteNew(edits, parts);
}

/**
 * Returns the restored events among those with a recorded deletion. The task of the deletion may not know it yet. The record
 * of a held edit whose event is back in its place is removed: nothing is left to be decided.
 */
export async function whoseDeletionIsRecorded(
  mirrors: readonly EditedMirror[],
  { store }: Pick<Parts, 'store'>,
): Promise<Result<readonly EditedMirror[], SyncError>> {
  if (mirrors.length === 0) return Ok([]);
  const records = await store.listEventRecords({ kind: 'edit' });
  if (records.err) return records;
  const ids = new Set(mirrors.map(({ map }) => map.uscheduleAppointmentId));
  const edits = editsOf(records.val).filter(({ appointmentId }) => ids.has(appointmentId));
  const ended = await forgetHeld(edits, store);
  if (ended.err) return ended;
  const deleted = new Set(edits.filter(({ change }) => change === 'deleted').map(({ appointmentId }) => appointmentId));
  return Ok(mirrors.filter(({ map }) => deleted.has(map.uscheduleAppointmentId)));
}

/** Removes the records of copies that are deleted or have no marks any more. */
export async function forgetCopies(
  events: readonly CalendarEvent[],
  { store }: Pick<Parts, 'store'>,
): Promise<Result<void, SyncError>> {
  if (events.length === 0) return Ok.EMPTY;
  const copies = await store.listEventRecords({ kind: 'copy' });
  if (copies.err) return copies;
  const ids = new Set(events.map(copyId));
  const over = copies.val.filter(({ id }) => ids.has(id)).map(({ id }) => ({ kind: 'copy' as const, id }));
  return over.length === 0 ? Ok.EMPTY : store.deleteEventRecords(over);
}

function recordOf({ event, map }: EditedMirror, now: Instant, { rules }: Parts): EditRecord {
  return editOf(event, map, { now }, rules);
}

async function noteNew(edits: readonly EditRecord[], { store }: Parts): Promise<Result<void, SyncError>> {
  const stored = await store.listEventRecords({ kind: 'edit' });
  if (stored.err) return stored;
  const earlier = new Map(editsOf(stored.val).map((record) => [record.id, record]));
  const isNew = (edit: EditRecord): boolean => {
    const previous = earlier.get(edit.id);
    return !previous || !isSameEdit(previous, edit) || !hasSameBase(previous, edit);
  };
  const fresh = edits.filter(isNew);
  return fresh.length === 0 ? Ok.EMPTY : store.putEventRecords(fresh);
}
