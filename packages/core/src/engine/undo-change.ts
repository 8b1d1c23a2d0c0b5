import { refOf } from '../domain/booking-event-map.js';
import { editsOf, type EditRecord } from '../domain/event-record.js';
import type { Slot } from '../domain/content.js';
import { misuse, type SyncError } from '../domain/sync-error.js';
import { Err, Ok, type Result } from '../result.js';
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

const OPEN: ReadonlySet<EditRecord['state']> = new Set([
  'held',
  'released',
  'reverted',
  'undelivered',
  'dead-letter',
  'replay',
]);

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
  const { base } = map.val ?? {};
  const isThere = base?.start === leftAt.start && base.end === leftAt.end && base.bay === leftAt.bay;
  if (map.val?.status !== 'ACTIVE' || map.val.supersededBy !== null || !base || !isThere) return Ok('changed');
  const letter = await store.getDeadLetter(appointmentId);
  if (letter.err) return letter;
  const records = await store.listEventRecords({ kind: 'edit', appointmentId });
  if (records.err) return records;
  const isOpen = editsOf(records.val).some(({ state }) => OPEN.has(state));
  if (letter.val !== null || map.val.intent !== null || isOpen) return Ok('busy');
  const record: EditRecord = {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: clock.now(),
    bay: base.bay ?? '',
    change: 'moved',
    start: backTo.start,
    end: backTo.end,
    toBay: backTo.bay ?? '',
    base: { start: base.start, end: base.end, bay: base.bay },
    customerName: base.title,
    state: 'undo',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
  const stored = await store.putEventRecords([record]);
  if (stored.err) return stored;
  const event = refOf(map.val);
  const queued = await queue.add([
    { appointmentId, trigger: 'replay', event, observed: { mustReread: true }, fingerprint: null },
  ]);
  if (queued.err) return queued;
  const flushed = await store.flush();
  return flushed.err ? flushed : Ok('accepted');
}
