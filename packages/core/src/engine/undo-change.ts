import { refOf } from '../domain/booking-event-map.js';
import { editsOf } from '../domain/event-record.js';
import type { Slot } from '../domain/content.js';
import { misuse, type SyncError } from '../domain/sync-error.js';
import { Err, Ok, type Result } from '../result.js';
import { undoOf } from '../rules/decide-replay.js';
import type { EngineParts } from './engine-parts.js';
import type { TaskQueue } from './queue/task-queue.js';

/** A change of time or bay that an administrator wants to undo. */
export interface UndoRequest {
  readonly appointmentId: string;
  /** Place of the booking after the change. The change is undone only if the booking is still there. */
  readonly leftAt: Slot;
  /** Place of the booking before the change, and target of the undo. */
  readonly backTo: Slot;
}

/** Checks a request. A host in plain JavaScript may pass any value. */
function isUndoRequest(request: unknown): request is UndoRequest {
  const { appointmentId, leftAt, backTo } = Object(request) as Partial<UndoRequest>;
  return typeof appointmentId === 'string' && appointmentId !== '' && isSlot(leftAt) && isSlot(backTo);
}

function isSlot(slot: unknown): slot is Slot {
  const { start, end } = Object(slot) as Partial<Slot>;
  return Number.isFinite(start) && Number.isFinite(end);
}

/**
 * The result of a request. `accepted`: it is decided like an edit of the event. `busy`: a dead letter or an edit of this
 * appointment has to be resolved first. `changed`: the booking is at another place.
 */
export type UndoOutcome = 'accepted' | 'busy' | 'changed';

/**
 * Stores the request to undo a change, and queues its appointment (docs/decision-table.md#row-21e). Ok once it is stored.
 * Whether both systems allow the undo is known after the task.
 */
export async function undoChange(
  request: UndoRequest,
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
  queue: TaskQueue,
): Promise<Result<UndoOutcome, SyncError>> {
  if (!isUndoRequest(request)) {
    return Err(misuse('undoChange', 'the request must name an appointment and two places of it'));
  }
  const { appointmentId, leftAt, backTo } = request;
  const map = await store.getMap(appointmentId);
  if (map.err) return map;
  const letter = await store.getDeadLetter(appointmentId);
  if (letter.err) return letter;
  const records = await store.listEventRecords({ kind: 'edit', appointmentId });
  if (records.err) return records;
  const open = { edits: editsOf(records.val), hasDeadLetter: letter.val !== null };
  const undo = undoOf(map.val, leftAt, backTo, open, clock.now());
  if (typeof undo === 'string') return Ok(undo);
  const stored = await store.putEventRecords([undo]);
  if (stored.err) return stored;
  const event = map.val && refOf(map.val);
  const queued = await queue.add([
    { appointmentId, trigger: 'replay', event, observed: { mustReread: true }, fingerprint: null },
  ]);
  if (queued.err) return queued;
  const flushed = await store.flush();
  return flushed.err ? flushed : Ok('accepted');
}
