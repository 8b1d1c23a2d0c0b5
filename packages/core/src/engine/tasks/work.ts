import type { EventRef, Trigger } from '../../domain/task.js';
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
