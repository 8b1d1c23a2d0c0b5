import { Ok, type Result, type SyncError } from '@loft/sync-core';
import { STORY_LINES } from '../journal/appointment-story.js';
import { undoableChange, type UndoableChange } from '../journal/undoable-change.js';
import type { AppParts } from './app-parts.js';

/** A change that can be undone, with its map. */
export interface FoundChange {
  readonly change: UndoableChange;
  readonly customerName: string;
}

/**
 * Finds the change of a journal entry.
 *
 * @returns null if the entry does not exist, or its change cannot be undone
 */
export async function findUndoable(
  appointmentId: string,
  entryId: string,
  { canMoveBookings, clock, journal, store }: Pick<AppParts, 'canMoveBookings' | 'clock' | 'journal' | 'store'>,
): Promise<Result<FoundChange | null, SyncError>> {
  await journal.flush();
  const entries = (await store.listJournal?.(appointmentId, STORY_LINES)) ?? Ok([]);
  if (entries.err) return entries;
  const map = await store.getMap(appointmentId);
  if (map.err) return map;
  const entry = entries.val.find(({ id }) => id === entryId);
  const change = entry ? undoableChange(entry, map.val, clock.now(), canMoveBookings) : null;
  return Ok(change && { change, customerName: map.val?.base.title ?? '' });
}
