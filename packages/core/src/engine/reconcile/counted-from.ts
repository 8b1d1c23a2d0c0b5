import { HOUR, type Instant } from '../../domain/instant.js';
import type { SyncDirection } from '../../domain/sync-event.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Reason } from '../../rules/decision.js';
import type { Attempt } from './outcome.js';

/** Edits that are put back: the change is the edit, not what the booking says. */
const EDIT_PUT_BACK: ReadonlySet<Reason> = new Set(['edit-refused', 'unsupported-edit']);

/** A booking that was made longer ago than this before it was noticed is an old one: a backfill, or it was hidden. */
const NOTICED_WITHIN_MS: number = HOUR;

/**
 * From when a change's propagation counts: from the change itself where the source tells its time, an edit by the
 * event's `updated`, a new booking by its creation. USchedule does not say when a booking was moved or cancelled: there,
 * and wherever the source is silent, from when it was noticed.
 */
export function countedFrom(
  direction: SyncDirection,
  { action, reason, situation }: Attempt,
  task: ClaimedTask,
): Instant {
  if (direction === 'GCAL_TO_USCHEDULE' || EDIT_PUT_BACK.has(reason)) {
    return situation.event?.event.updatedAt ?? task.createdAt;
  }
  const isNew = action.do === 'create-event' && (task.trigger === 'poll' || task.trigger === 'hint');
  const madeAt = isNew ? (situation.booking?.booking?.createdAt ?? null) : null;
  if (madeAt === null || madeAt > task.createdAt || task.createdAt - madeAt > NOTICED_WITHIN_MS) return task.createdAt;
  return madeAt;
}
