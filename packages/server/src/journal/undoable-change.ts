import { DAY, type BookingEventMap, type Instant } from '@loft/sync-core';
import type { Reason } from '@loft/sync-core/rules';
import type { JournalEntry, Slot } from '@loft/sync-core/store';

/** Period in which a change can be undone. */
const UNDO_DAYS = 7;

/** Rows that sync a change of time or bay from one side to the other. */
const CHANGES: ReadonlySet<Reason> = new Set([
  'booking-changed',
  'booking-moved-bay',
  'event-moved',
  'event-moved-bay',
  'change-undone',
]);

/** A change of time or bay, with the state of the booking before and after it. */
export interface UndoableChange {
  readonly leftAt: Slot;
  readonly backTo: Slot;
}

function isSame(a: Slot, b: Slot): boolean {
  return a.start === b.start && a.end === b.end && a.bay === b.bay;
}

/**
 * Finds the change of a journal entry. It can be undone if the booking still has the state after the change, and
 * neither the booking's time nor the time before the change is past.
 *
 * @param canMove whether edits of this bay change bookings
 */
export function undoableChange(
  { after, at, before, kind, outcome, reason }: JournalEntry,
  map: BookingEventMap | null,
  now: Instant,
  canMove: (bay: string) => boolean,
): UndoableChange | null {
  if (kind !== 'write' || outcome !== 'ok' || reason === null || !CHANGES.has(reason)) return null;
  if (map?.status !== 'ACTIVE' || map.supersededBy !== null || map.intent !== null) return null;
  if (!before?.bay || !after?.bay || isSame(before, after) || !isSame(after, map.base)) return null;
  if (now - at > UNDO_DAYS * DAY || after.end <= now || before.end <= now) return null;
  return canMove(before.bay) && canMove(after.bay) ? { leftAt: after, backTo: before } : null;
}
