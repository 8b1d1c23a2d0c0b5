import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { editsOf, type EditRecord } from '../../domain/event-record.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { Action } from '../../rules/decision.js';
import { withoutReplaced } from '../../rules/edit-record.js';
import type { Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';
import { cancelBooking, finishReschedule, rescheduleBooking } from './booking-executor.js';
import { adoptEvent, createMirror, removeMirror, restoreMirror, writeAnnounced } from './change-event.js';
import { copyOf, removeCopy } from './copies-of-event.js';
import { putMap } from './map-writer.js';

/** The result of an action. */
export interface Executed {
  /** The stored map after the action. Null if there is none. */
  readonly map: BookingEventMap | null;
  /** The next situation to decide about. Null if the row is complete. */
  readonly next: Situation | null;
  /** The other side was changed. */
  readonly wrote: boolean;
}

export type ActionOf<K extends Action['do']> = Extract<Action, { do: K }>;

/**
 * Executes a decision: at most one change on the other side, then the map. If the process ends between the two, the next
 * attempt recognizes the change (docs/decision-table.md#crash-safe-writes).
 */
export async function execute(
  action: Action,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  switch (action.do) {
    case 'nothing':
      return Ok({ map: situation.map, next: null, wrote: false });
    case 'note':
      return note(action.map, { ...situation, event: action.event ?? situation.event }, task, parts);
    case 'record-edits':
      return recordEdits(action.edits, situation, parts);
    case 'record-copy': {
      const copy = copyOf(task.appointmentId, action.copy, parts.clock.now());
      return recorded(await parts.store.putEventRecords([copy]), situation);
    }
    case 'remove-copy':
      return removeCopy(action, situation, task, parts);
    case 'reschedule-booking':
      return rescheduleBooking(action, situation, task, parts);
    case 'finish-reschedule':
      return finishReschedule(action, situation, task, parts);
    case 'cancel-booking':
      return cancelBooking(action, situation, task, parts);
    case 'create-event':
      return createMirror(action, situation, task, parts);
    case 'adopt-event':
      return adoptEvent(action, situation, task, parts);
    case 'write-event':
      return writeAnnounced(action, situation, task, parts);
    case 'restore-event':
      return restoreMirror(action, situation, task, parts);
    case 'cancel-event':
      return removeMirror(action, situation, task, parts);
    case 'store-map':
      return recorded(await putMap(action.map, task, parts), situation);
  }
}

async function recordEdits(
  edits: readonly EditRecord[],
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const current = await currentEdits(edits, situation, parts);
  if (current.err) return current;
  const { changed, others } = withoutReplaced(edits, situation.edits ?? [], current.val, situation.appointmentId);
  const stored = await parts.store.putEventRecords(changed);
  parts.endedHolds.note(changed);
  return stored.map(() => ({
    map: situation.map,
    next: { ...situation, edits: [...others, ...changed] },
    wrote: false,
  }));
}

/** Returns all edits: as observed, or as stored now if edits of other appointments are recorded, too. */
async function currentEdits(
  edits: readonly EditRecord[],
  situation: Situation,
  { store }: EngineParts,
): Promise<Result<readonly EditRecord[], SyncError>> {
  if (edits.every(({ id }) => id === situation.appointmentId)) return Ok(situation.edits ?? []);
  return (await store.listEventRecords({ kind: 'edit' })).map(editsOf);
}

/** Only the store was changed, and the row is complete. */
function recorded(stored: Result<BookingEventMap | void, SyncError>, { map }: Situation): Result<Executed, SyncError> {
  return stored.map((changed) => ({ map: changed ?? map, next: null, wrote: false }));
}

async function note(
  map: BookingEventMap,
  situation: Situation,
  task: ClaimedTask,
  parts: EngineParts,
): Promise<Result<Executed, SyncError>> {
  const noted = await putMap(map, task, parts);
  if (noted.err) return noted;
  return Ok({ map: noted.val, next: { ...situation, map: noted.val }, wrote: false });
}
