import type { DeadLetter, EventRef, Trigger } from '../../domain/task.js';
import type { Observation } from './appointment-state.js';

/** An appointment that needs attention, with its observation. */
export interface WorkItem {
  readonly appointmentId: string;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly observed: Partial<Observation>;
  /** Fingerprint of the observed booking: the same change is stored once. Null: always stored. */
  readonly fingerprint: string | null;
}

/** The retry of a dead letter: earlier observations do not count any more. */
export function replayOf(letter: DeadLetter): WorkItem {
  return {
    appointmentId: letter.appointmentId,
    trigger: 'replay',
    event: eventOfDeadLetter(letter),
    observed: { mustReread: true },
    fingerprint: 'replay',
  };
}

/** The event of the dead letter. Null if it names none. */
export function eventOfDeadLetter({ calendarId, eventId }: DeadLetter): EventRef | null {
  return calendarId !== null && eventId !== null ? { calendarId, eventId } : null;
}
