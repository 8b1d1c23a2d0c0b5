import type { JournalEntry } from '@loft/sync-core/store';

/**
 * Whether an entry is the write to the event that follows an undo of a change: the undo itself has only moved the booking.
 *
 * @param earlier earlier entries of the same appointment, the oldest first
 */
export function followsUndo(
  { after, direction, kind, outcome }: JournalEntry,
  earlier: readonly JournalEntry[],
): boolean {
  if (kind !== 'write' || outcome !== 'ok' || direction !== 'USCHEDULE_TO_GCAL' || after === null) return false;
  const last = earlier.findLast((entry) => entry.kind === 'write' && entry.outcome === 'ok');
  if (last?.reason !== 'change-undone') return false;
  return last.after?.start === after.start && last.after.end === after.end && last.after.bay === after.bay;
}
