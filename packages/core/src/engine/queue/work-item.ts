import type { DeadLetter, EventRef, Trigger } from '../../domain/task.js';
import type { Observation } from './appointment-state.js';

/** An appointment that needs attention, with what was observed of it. */
export interface WorkItem {
  readonly appointmentId: string;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly observed: Partial<Observation>;
  /** Of the booking that was observed: the same change is stored once. null: always stored. */
  readonly fingerprint: string | null;
}

/** The retry of a dead letter: what was observed before it does not count any more. */
export function replayOf(letter: DeadLetter): WorkItem {
  return {
    appointmentId: letter.appointmentId,
    trigger: 'replay',
    event: eventOfDeadLetter(letter),
    observed: { mustReread: true },
    fingerprint: 'replay',
  };
}

/** The event that the dead letter is about; null: it names none. */
export function eventOfDeadLetter({ calendarId, eventId }: DeadLetter): EventRef | null {
  return calendarId !== null && eventId !== null ? { calendarId, eventId } : null;
}
