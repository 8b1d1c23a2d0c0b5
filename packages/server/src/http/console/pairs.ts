import type { BookingEventMap, DeadLetter, Instant } from '@loft/sync-core';
import type { Slot } from '@loft/sync-core/store';
import type { Unfinished } from './live-board.js';

/**
 * How the two sides of an appointment stand to each other. `conflicting`: an edit that did not hold, or that does not get
 * through since the other side says something else; also for a while after it was put back.
 */
export type PairState = 'in-step' | 'on-its-way' | 'conflicting' | 'parked' | 'not-known';

/** One appointment as each side has it; null: not there. */
export interface Pair {
  readonly appointmentId: string;
  readonly title: string;
  readonly uschedule: Slot | null;
  readonly google: Slot | null;
  readonly state: PairState;
}

/** Both sides of an appointment as somebody knows them. */
export type Sides = Pick<Pair, 'appointmentId' | 'title' | 'uschedule' | 'google'>;

/** Both sides, as the store knows them: what was agreed on, and what is under way from one side to the other. */
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

/** A change that has not reached the other side yet: the side it comes from has it already. */
export function sidesOfUnfinished({ direction, before, after }: Unfinished): Pick<Sides, 'uschedule' | 'google'> {
  return direction === 'GCAL_TO_USCHEDULE'
    ? { google: after, uschedule: before }
    : { uschedule: after, google: before };
}

function sameSlot(a: Slot | null, b: Slot | null): boolean {
  return a?.start === b?.start && a?.end === b?.end && a?.bay === b?.bay;
}

/** What is known of an appointment beside where each side has it. */
export interface Circumstances {
  readonly letters: ReadonlyMap<string, DeadLetter>;
  readonly unfinished: (appointmentId: string) => Unfinished | null;
  readonly wasPutBack: (appointmentId: string) => boolean;
  /** Bays whose calendar cannot be read: what stands in it is not known. */
  readonly unreadBays: ReadonlySet<string>;
}

export function pairOf(sides: Sides, { letters, unfinished, unreadBays, wasPutBack }: Circumstances): Pair {
  const { appointmentId, google, uschedule } = sides;
  const state = (): PairState => {
    if (letters.has(appointmentId)) return 'parked';
    if (wasPutBack(appointmentId)) return 'conflicting';
    if (unfinished(appointmentId) !== null || !sameSlot(uschedule, google)) return 'on-its-way';
    return unreadBays.has(google?.bay ?? '') ? 'not-known' : 'in-step';
  };
  return { ...sides, state: state() };
}

/** Does either side show it in this stretch of time? */
export function isWithin({ uschedule, google }: Sides, from: Instant, to: Instant): boolean {
  return [uschedule, google].some((slot) => slot !== null && slot.start >= from && slot.start < to);
}
