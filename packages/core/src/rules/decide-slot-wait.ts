import type { EditRecord } from '../domain/event-record.js';
import { SECOND, type Instant } from '../domain/instant.js';
import { act, observe, quiet, type Reason, type Verdict } from './decision.js';
import { EDITS_COUNT_MS, isOpen } from './edit-record.js';
import { isMoved } from './rules.js';
import type { Situation } from './situation.js';

/** Interval at which a waiting edit checks its slot. The check makes no call to another system. */
export const RECHECK_MS: number = 2 * SECOND;
/**
 * Delay before an edit is reverted if the holder of its slot is in place: a person who moves several events moves them one
 * after another (docs/decision-table.md#taken-slots).
 */
const NEXT_EDIT_MS: number = 5 * SECOND;

/**
 * May the holder of the slot still leave it? Its event may have an edit that no sync has observed yet, so the event is read
 * before the answer is no.
 *
 * @returns null if the event must be read
 */
export function mayLeave(
  record: EditRecord,
  edits: readonly EditRecord[],
  { slotHolder, now }: Pick<Situation, 'slotHolder' | 'now'>,
): boolean | null {
  if (!slotHolder) return false;
  if (now - record.at < NEXT_EDIT_MS) return true;
  const { map, event } = slotHolder;
  const theirs = edits.find(({ appointmentId }) => appointmentId === map.uscheduleAppointmentId);
  if (theirs && theirs.state !== 'carried') return isOpen(theirs) || theirs.state === 'released';
  if (event === undefined) return null;
  return event.state !== 'live' || isMoved(event, map);
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
  { slotHolder, now }: Pick<Situation, 'slotHolder' | 'now'>,
  revertTo: (why: Reason) => Verdict,
): Verdict | null {
  if (slotHolder === undefined) return observe('slot-holder');
  if (slotHolder === null) return null;
  const { uscheduleAppointmentId: holderId } = slotHolder.map;
  const holder = edits.find(({ appointmentId }) => appointmentId === holderId);
  if (holder?.state === 'held') {
    return act('edit-held', { do: 'record-edits', edits: [{ ...record, state: 'held' }] });
  }
  if (now - record.at >= EDITS_COUNT_MS || isCircle(record, edits)) return revertTo('edit-refused');
  const leaves = mayLeave(record, edits, { slotHolder, now });
  if (leaves === null) return observe('slot-holder-event');
  if (!leaves) return revertTo('edit-refused');
  const waiting = quiet('edit-refused', `waits until ${holderId} has left the slot`);
  // Without a record of the holder's edit, its event is read again each time.
  const isQuick = now - record.at < NEXT_EDIT_MS || (holder !== undefined && isOpen(holder));
  return { ...waiting, recheckAt: now + (isQuick ? RECHECK_MS : NEXT_EDIT_MS) };
}

/** Does an edit that is not applied yet wait for a slot? */
export function waitsForSlot({ state, waitsFor }: EditRecord): boolean {
  return state === 'seen' && waitsFor !== null;
}

/**
 * The same without a new observation: while the edit of the slot's holder is in progress, no call is made.
 *
 * @returns when to check again; null if the edit has to be decided
 */
export function keepsWaitingUntil(record: EditRecord, edits: readonly EditRecord[], now: Instant): Instant | null {
  const holder = edits.find(({ appointmentId }) => appointmentId === record.waitsFor);
  const isLeft = holder ? !isOpen(holder) || holder.state === 'held' : now - record.at >= NEXT_EDIT_MS;
  if (isLeft || now - record.at >= EDITS_COUNT_MS || isCircle(record, edits)) return null;
  return now + RECHECK_MS;
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
