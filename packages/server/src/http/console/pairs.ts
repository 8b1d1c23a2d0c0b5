import type { BookingEventMap, HeldEdit, Instant } from '@loft/sync-core';
import type { Slot } from '@loft/sync-core/store';
import type { Unfinished } from '../live-board.js';

/**
 * The relation between the two sides of an appointment. `conflicting`: an edit was reverted, or cannot be synced
 * because the other side differs; shown for some time after a revert.
 */
export type PairState = 'in-step' | 'on-its-way' | 'conflicting' | 'dead-letter' | 'not-known';

/** An appointment on both sides; null: absent on that side. */
export interface Pair {
  readonly appointmentId: string;
  readonly title: string;
  readonly uschedule: Slot | null;
  readonly google: Slot | null;
  readonly state: PairState;
}

/** Both sides of an appointment from one source. */
export type Sides = Pick<Pair, 'appointmentId' | 'title' | 'uschedule' | 'google'>;

/** Both sides according to the store: the last agreed state, and the pending changes. */
export function sidesOf(map: BookingEventMap, unfinished: Unfinished | null): Sides {
  const { base, intent, uscheduleAppointmentId: appointmentId } = map;
  const agreed: Slot = { start: base.start, end: base.end, bay: base.bay };
  const sides = { appointmentId, title: base.title, uschedule: agreed, google: agreed };
  if (intent) {
    const wanted: Slot = { start: intent.start, end: intent.end, bay: intent.bay };
    return intent.kind === 'reschedule' ? { ...sides, google: wanted } : { ...sides, uschedule: wanted };
  }
  return unfinished?.after === undefined ? sides : { ...sides, ...sidesOfUnfinished(unfinished) };
}

/** A pending change: only the side it comes from has it. */
export function sidesOfUnfinished({ direction, before, after }: Unfinished): Pick<Sides, 'uschedule' | 'google'> {
  return direction === 'GCAL_TO_USCHEDULE'
    ? { google: after, uschedule: before }
    : { uschedule: after, google: before };
}

/** A held edit: the event shows it, the booking does not. */
export function unfinishedOfHeld({ start, end, bay, to }: HeldEdit): Unfinished {
  return { direction: 'GCAL_TO_USCHEDULE', before: { start, end, bay }, after: to };
}

/** Whether both sides have the same time and bay. */
export function isSameSlot(a: Slot | null, b: Slot | null): boolean {
  return a?.start === b?.start && a?.end === b?.end && a?.bay === b?.bay;
}

/** Further states of appointments and bays that the console shows. */
export interface Circumstances {
  /** Appointments with a dead letter, or with a change that waits for a decision. */
  readonly attention: ReadonlySet<string>;
  readonly unfinished: (appointmentId: string) => Unfinished | null;
  readonly wasReverted: (appointmentId: string) => boolean;
  /** Bays whose calendar cannot be read: the state of their events is unknown. */
  readonly unreadBays: ReadonlySet<string>;
}

export function pairOf(sides: Sides, { attention, unfinished, unreadBays, wasReverted }: Circumstances): Pair {
  const { appointmentId, google, uschedule } = sides;
  const state = (): PairState => {
    if (attention.has(appointmentId)) return 'dead-letter';
    if (wasReverted(appointmentId)) return 'conflicting';
    if (unfinished(appointmentId) !== null || !isSameSlot(uschedule, google)) return 'on-its-way';
    return unreadBays.has(google?.bay ?? '') ? 'not-known' : 'in-step';
  };
  return { ...sides, state: state() };
}

/** Whether either side has the appointment in this period. */
export function isWithin({ uschedule, google }: Sides, from: Instant, to: Instant): boolean {
  return [uschedule, google].some((slot) => slot !== null && slot.start >= from && slot.start < to);
}
