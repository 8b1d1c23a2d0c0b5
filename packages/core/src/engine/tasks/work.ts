import type { DeadLetter, EventRef, Trigger } from '../../domain/task.js';
import type { Observation } from '../reconcile/observations.js';

/** An appointment that needs attention, with what was seen of it. */
export interface Work {
  readonly appointmentId: string;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly seen: Partial<Observation>;
  /** Of the booking that was seen: the same news twice is stored once. null: always stored. */
  readonly fingerprint: string | null;
}

/** What was parked, to be tried again: of what was seen then, nothing counts any more. */
export function revival(letter: DeadLetter): Work {
  return {
    appointmentId: letter.appointmentId,
    trigger: 'replay',
    event: eventOfLetter(letter),
    seen: { recall: true },
    fingerprint: 'revival',
  };
}

/** The event that was parked with it. */
export function eventOfLetter({ calendarId, eventId }: DeadLetter): EventRef | null {
  return calendarId !== null && eventId !== null ? { calendarId, eventId } : null;
}
