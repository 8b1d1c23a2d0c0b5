import { editsOf } from '../../domain/event-record.js';
import { SECOND, type Instant } from '../../domain/instant.js';
import type { ClaimedTask } from '../../domain/task.js';
import { isCircle, NEXT_EDIT_MS } from '../../rules/decide-slot-wait.js';
import { EDITS_COUNT_MS, isOpen } from '../../rules/edit-record.js';
import type { EngineParts } from '../engine-parts.js';

/** Interval at which a waiting edit checks its slot. */
const RECHECK_MS: number = 2 * SECOND;

/**
 * Decides whether an edit that waits for a slot keeps waiting: it makes no call while the edit of the slot's holder is in
 * progress (docs/decision-table.md#taken-slots). Only for tasks without new observations.
 *
 * @returns when to check again; null if the edit has to be decided
 */
export async function stillWaitsUntil(
  { appointmentId }: ClaimedTask,
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
): Promise<Instant | null> {
  const own = await store.listEventRecords({ kind: 'edit', appointmentId });
  const [record] = own.ok ? editsOf(own.val) : [];
  if (!record || record.waitsFor === null || record.state !== 'seen') return null;
  const all = await store.listEventRecords({ kind: 'edit' });
  if (all.err) return null;
  const edits = editsOf(all.val);
  const holder = edits.find((edit) => edit.appointmentId === record.waitsFor);
  const now = clock.now();
  const isLeft = holder ? !isOpen(holder) || holder.state === 'held' : now - record.at >= NEXT_EDIT_MS;
  if (isLeft || now - record.at >= EDITS_COUNT_MS || isCircle(record, edits)) return null;
  return now + RECHECK_MS;
}
