import { refOf, type MapsByAppointment } from '../domain/booking-event-map.js';
import { editsOf, type EditRecord, type EventRecord } from '../domain/event-record.js';
import type { SyncError } from '../domain/sync-error.js';
import { isShared } from '../ports/sync-store.js';
import { Ok, type Result } from '../result.js';
import { hasHoldEnded, withPresentBay } from '../rules/edit-record.js';
import type { EngineParts } from './engine-parts.js';
import type { TaskQueue } from './queue/task-queue.js';

/** Removes the held edits that have ended, and keeps the names of their bays up to date. Their records are read only while there may be one. */
export class EndedHolds {
  readonly #store: EngineParts['store'];
  readonly #rules: EngineParts['rules'];
  /** An earlier process may have held an edit. */
  #mayBeHeld = true;

  constructor({ store, rules }: Pick<EngineParts, 'store' | 'rules'>) {
    this.#store = store;
    this.#rules = rules;
  }

  /** Must be called after the attempt to store the records, because a poll may read them at the same time. */
  note(edits: readonly EditRecord[]): void {
    if (edits.some(isHeld)) this.#mayBeHeld = true;
  }

  /**
   * The appointments of ended holds are queued: where bays were exchanged in the settings, the edit may still be there.
   *
   * @param mapOf the maps of a poll, by appointment id
   */
  async forget(mapOf: MapsByAppointment, queue: Pick<TaskQueue, 'add'>): Promise<Result<void, SyncError>> {
    // Another replica may hold edits at any time.
    if (!this.#mayBeHeld && !isShared(this.#store)) return Ok.EMPTY;
    this.#mayBeHeld = false;
    const left = await this.#forgetEnded(mapOf, queue);
    if (left.err || left.val > 0) this.#mayBeHeld = true;
    return left.err ? left : Ok.EMPTY;
  }

  /** @returns the number of edits that are still held */
  async #forgetEnded(mapOf: MapsByAppointment, queue: Pick<TaskQueue, 'add'>): Promise<Result<number, SyncError>> {
    const records = await this.#store.listEventRecords({ kind: 'edit' });
    if (records.err) return records;
    const held = heldAmong(records.val);
    const ended: EditRecord[] = [];
    const renamed: EditRecord[] = [];
    for (const record of held) {
      const polled = mapOf.get(record.appointmentId);
      const map = polled ? Ok(polled) : await this.#store.getMap(record.appointmentId);
      if (map.err) return map;
      if (!map.val) continue;
      const present = withPresentBay(record, map.val, this.#rules);
      if (hasHoldEnded(record, map.val, this.#rules)) ended.push(record);
      else if (present) renamed.push(present);
    }
    const stored = renamed.length === 0 ? Ok.EMPTY : await this.#store.putEventRecords(renamed);
    if (stored.err) return stored;
    const queued = await queueAgain(ended, queue, this.#store);
    if (queued.err) return queued;
    const forgotten = await forgetHeld(ended, this.#store);
    return forgotten.err ? forgotten : Ok(held.length - ended.length);
  }
}

/** Removes the records of those edits that are held. */
export async function forgetHeld(
  edits: readonly EditRecord[],
  store: EngineParts['store'],
): Promise<Result<void, SyncError>> {
  const held = edits.filter(isHeld).map(({ id }) => ({ kind: 'edit' as const, id }));
  return held.length === 0 ? Ok.EMPTY : store.deleteEventRecords(held);
}

/** An administrator's decision about held edits (docs/decision-table.md#row-21d). */
export type EditDecision = 'release' | 'revert';

/** An edit that the edit guard holds. */
export interface HeldEdit {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly bay: string;
  /** The effect of a release on the booking. */
  readonly would: 'cancel' | 'move';
  /** The current time of the booking, at the last agreement. */
  readonly start: number;
  readonly end: number;
  /** The target of the booking. Null for a cancellation. */
  readonly to: { readonly start: number; readonly end: number; readonly bay: string } | null;
  /** Time of the first observation of the edit. */
  readonly at: number;
}

/** Lists the held edits, by bay and start. */
export async function listHeldEdits({
  store,
}: Pick<EngineParts, 'store'>): Promise<Result<readonly HeldEdit[], SyncError>> {
  const edits = await store.listEventRecords({ kind: 'edit' });
  return edits.map(heldEditsOf);
}

/** Returns the held edits among stored records, by bay and start. */
export function heldEditsOf(records: readonly EventRecord[]): readonly HeldEdit[] {
  return heldAmong(records)
    .map(heldEditOf)
    .toSorted((a, b) => (a.bay === b.bay ? a.start - b.start : a.bay < b.bay ? -1 : 1));
}

/**
 * Stores an administrator's decision about held edits, and queues their appointments.
 *
 * @param appointmentIds the selected appointments; absent: all of the bay
 * @returns the number of affected edits
 */
export async function decideHeldEdits(
  decision: EditDecision,
  bay: string,
  appointmentIds: readonly string[] | undefined,
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
  queue: TaskQueue,
): Promise<Result<number, SyncError>> {
  const edits = await store.listEventRecords({ kind: 'edit' });
  if (edits.err) return edits;
  const chosen = heldAmong(edits.val).filter(
    (record) => record.bay === bay && (appointmentIds === undefined || appointmentIds.includes(record.appointmentId)),
  );
  const state = decision === 'release' ? ('released' as const) : ('reverted' as const);
  const stored = await store.putEventRecords(chosen.map((record) => ({ ...record, state, at: clock.now() })));
  if (stored.err) return stored;
  const queued = await queueAgain(chosen, queue, store);
  if (queued.err) return queued;
  const flushed = await store.flush();
  return flushed.err ? flushed : Ok(chosen.length);
}

async function queueAgain(
  records: readonly EditRecord[],
  queue: Pick<TaskQueue, 'add'>,
  store: EngineParts['store'],
): Promise<Result<void, SyncError>> {
  for (const { appointmentId } of records) {
    const map = await store.getMap(appointmentId);
    if (map.err) return map;
    const event = map.val && refOf(map.val);
    const added = await queue.add([
      { appointmentId, trigger: 'follow-up', event, observed: { mustReread: true }, fingerprint: null },
    ]);
    if (added.err) return added;
  }
  return Ok.EMPTY;
}

function heldAmong(records: readonly EventRecord[]): readonly EditRecord[] {
  return editsOf(records).filter(isHeld);
}

function isHeld({ state }: EditRecord): boolean {
  return state === 'held';
}

function heldEditOf({ appointmentId, customerName, bay, change, base, start, end, toBay, at }: EditRecord): HeldEdit {
  const isDeleted = change === 'deleted';
  return {
    appointmentId,
    customerName,
    bay,
    would: isDeleted ? 'cancel' : 'move',
    start: base.start,
    end: base.end,
    to: isDeleted ? null : { start, end, bay: toBay },
    at,
  };
}
