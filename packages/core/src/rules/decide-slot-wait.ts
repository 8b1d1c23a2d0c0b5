import type { EditRecord } from '../domain/event-record.js';
import { SECOND, type Instant } from '../domain/instant.js';
import { act, observe, quiet, type Reason, type Verdict } from './decision.js';
import { EDITS_COUNT_MS, isOpen } from './edit-guard.js';
import type { Situation, SlotHolder } from './situation.js';

/** Interval at which a waiting edit checks its slot. The check makes no call to another system. */
const RECHECK_MS: number = 2 * SECOND;
/**
 * Delay before an edit is reverted if the holder of its slot is in place: a person who moves several events moves them one
 * after another (docs/decision-table.md#taken-slots).
 */
export const NEXT_EDIT_MS: number = 5 * SECOND;

/** May the holder of the slot still leave it? */
export function mayLeave(holder: SlotHolder, record: EditRecord, now: Instant): boolean {
  return holder.isMovingAway || now - record.at < NEXT_EDIT_MS;
}

/**
 * docs/decision-table.md#row-21: an edit whose slot is held by an appointment that is about to leave it waits for that
 * appointment, at most ten minutes. A cycle of such waits is reverted as a whole.
 *
 * @returns null if the slot is free: the edit is retried
 */
export function decideSlotWait(
  record: EditRecord,
  edits: readonly EditRecord[],
  { slotHolder, now }: Situation,
  revertTo: (why: Reason) => Verdict,
): Verdict | null {
  if (slotHolder === undefined) return observe('slot-holder');
  if (slotHolder === null) return null;
  const holder = edits.find(({ appointmentId }) => appointmentId === slotHolder.appointmentId);
  if (holder?.state === 'held') {
    return act('edit-held', { do: 'record-edits', edits: [{ ...record, state: 'held' }] });
  }
  if (!mayLeave(slotHolder, record, now) || now - record.at >= EDITS_COUNT_MS || isCircle(record, edits))
    return revertTo('edit-refused');
  const waiting = quiet('edit-refused', `waits until ${slotHolder.appointmentId} has left the slot`);
  // Without a record of the holder's edit, its event is read again each time.
  const isQuick = now - record.at < NEXT_EDIT_MS || (holder !== undefined && isOpen(holder));
  return { ...waiting, recheckAt: now + (isQuick ? RECHECK_MS : NEXT_EDIT_MS) };
}

/** Does the edit wait for itself through other edits? */
export function isCircle(record: EditRecord, edits: readonly EditRecord[]): boolean {
  const seen = new Set<string>();
  let next = record.waitsFor;
  while (next !== null && !seen.has(next)) {
    if (next === record.appointmentId) return true;
    seen.add(next);
    const other = edits.find(({ appointmentId }) => appointmentId === next);
    next = other && isOpen(other) ? other.waitsFor : null;
  }
  return false;
}
