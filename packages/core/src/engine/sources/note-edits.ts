import { type BookingEventMap, refOf } from '../../domain/booking-event-map.js';
import { tombstone, type CalendarEvent } from '../../domain/calendar-event.js';
import { editsOf, type EditRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { editOf, isEdit, mayEndUndone, newEdits } from '../../rules/edit-record.js';
import { mayBeCarried } from '../../rules/decide-edit.js';
import { isLeavingByOwnMove, withOwnWrite } from '../../rules/own-write.js';
import type { EngineParts } from '../engine-parts.js';
import { forgetHeld } from '../held-edits.js';
import type { WorkItem } from '../queue/appointment-state.js';

type Parts = Pick<EngineParts, 'store' | 'clock' | 'rules'>;

/** An event that differs from its map. */
export interface EditedMirror {
  readonly event: CalendarEvent;
  readonly map: BookingEventMap;
}

/**
 * Records the edits of one page before any of them is applied: each counts for the edit guard
 * (docs/decision-table.md#guards). A single edit is recorded by its own task. Our own writes in progress are no edits.
 */
export async function noteEdits(
  mirrors: readonly EditedMirror[],
  now: Instant,
  parts: Parts,
): Promise<Result<void, SyncError>> {
  const { rules } = parts;
  const edited = mirrors
    .filter(({ event, map }) => !isLeavingByOwnMove(event, map, rules))
    .map(({ event, map }) => ({ event, map: withOwnWrite(map, event, null, rules) }))
    .filter(({ event, map }) => isEdit(event, map) && mayBeCarried(event, map, now, rules));
  if (edited.length < 2) return Ok.EMPTY;
  return noteNew(
    edited.map((mirror) => recordOf(mirror, now, parts)),
    now,
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
  const { clock, store } = parts;
  const ids = new Set(works.map(({ appointmentId }) => appointmentId));
  const edits = maps
    .filter((map) => ids.has(map.uscheduleAppointmentId))
    .map((map) => recordOf({ map, event: tombstone(refOf(map)) }, clock.now(), parts));
  if (isResumed) return store.putEventRecords(edits.map((edit) => ({ ...edit, state: 'released' })));
  return edits.length < 2 ? Ok.EMPTY : noteNew(edits, clock.now(), parts);
}

/**
 * Ends the recorded edits of events that are in their place again: nothing is left to be decided about a held one, and one
 * that was not applied does not count for the guard any more.
 *
 * @returns the appointments whose deletion is recorded. Its task may not know that the event is restored.
 */
export async function endUndone(
  mirrors: readonly EditedMirror[],
  { store }: Pick<Parts, 'store'>,
): Promise<Result<ReadonlySet<string>, SyncError>> {
  if (mirrors.length === 0) return Ok(new Set<string>());
  const records = await store.listEventRecords({ kind: 'edit' });
  if (records.err) return records;
  const ids = new Set(mirrors.map(({ map }) => map.uscheduleAppointmentId));
  const edits = editsOf(records.val).filter(({ appointmentId }) => ids.has(appointmentId));
  const ended = await forgetHeld(edits, store);
  if (ended.err) return ended;
  const undone = edits.filter(mayEndUndone).map((edit) => ({ ...edit, state: 'put-back' as const }));
  const stored = undone.length === 0 ? Ok.EMPTY : await store.putEventRecords(undone);
  if (stored.err) return stored;
  return Ok(new Set(edits.filter(({ change }) => change === 'deleted').map(({ appointmentId }) => appointmentId)));
}

function recordOf({ event, map }: EditedMirror, now: Instant, { rules }: Parts): EditRecord {
  return editOf(event, map, { now }, rules);
}

async function noteNew(
  edits: readonly EditRecord[],
  now: Instant,
  { store, rules }: Parts,
): Promise<Result<void, SyncError>> {
  const stored = await store.listEventRecords({ kind: 'edit' });
  if (stored.err) return stored;
  const fresh = newEdits(edits, editsOf(stored.val), now, rules);
  return fresh.length === 0 ? Ok.EMPTY : store.putEventRecords(fresh);
}
