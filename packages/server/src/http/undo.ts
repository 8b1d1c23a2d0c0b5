import type { Context } from 'koa';
import { Ok, type Result, type SyncError, type UndoOutcome } from '@loft/sync-core';
import { STORY_LINES } from '../journal/appointment-story.js';
import { followsUndo } from '../journal/after-undo.js';
import { undoableChange, type UndoableChange } from '../journal/undoable-change.js';
import { actRecorder } from './acts.js';
import type { AppParts } from './app-parts.js';

/** A change that can be undone, with its journal entry and the customer's name. */
export interface FoundChange {
  readonly entry: string;
  readonly change: UndoableChange;
  readonly customerName: string;
}

/** Why a change was not undone, in words for a person. */
export const NOT_UNDONE = {
  busy: 'Another change of this appointment is pending: nothing was done.',
  changed: 'The appointment was changed again since: nothing was done.',
} as const;

/**
 * Finds the change of a journal entry.
 *
 * @param entryId null: the last change that can be undone
 * @returns null if the entry does not exist, or its change cannot be undone
 */
export async function findUndoable(
  appointmentId: string,
  entryId: string | null,
  { canMoveBookings, clock, journal, store }: Pick<AppParts, 'canMoveBookings' | 'clock' | 'journal' | 'store'>,
): Promise<Result<FoundChange | null, SyncError>> {
  await journal.flush();
  const entries = (await store.listJournal?.(appointmentId, STORY_LINES)) ?? Ok([]);
  if (entries.err) return entries;
  const map = await store.getMap(appointmentId);
  if (map.err) return map;
  for (const [index, entry] of [...entries.val.entries()].toReversed()) {
    if (entryId !== null && entry.id !== entryId) continue;
    if (followsUndo(entry, entries.val.slice(0, index))) continue;
    const change = undoableChange(entry, map.val, clock.now(), canMoveBookings);
    if (change) return Ok({ entry: entry.id, change, customerName: map.val?.base.title ?? '' });
  }
  return Ok(null);
}

/** Asks the engine to undo a change, and records who asked. */
export async function askToUndo(
  ctx: Pick<Context, 'state'>,
  appointmentId: string,
  { change }: Pick<FoundChange, 'change'>,
  parts: Pick<AppParts, 'clock' | 'engine' | 'journal' | 'log'>,
): Promise<Result<UndoOutcome, SyncError>> {
  const asked = await parts.engine.undoChange({ appointmentId, ...change });
  if (asked.ok && asked.val === 'accepted') actRecorder(parts)(ctx, 'asked to undo a change', appointmentId);
  return asked;
}
