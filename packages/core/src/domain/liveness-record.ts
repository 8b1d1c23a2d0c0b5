import type { Instant } from './instant.js';

/**
 * State of an appointment that blind mode keeps over a restart: the number of consecutive free readings of its slot, and
 * whether the booking counts as cancelled, which is final (docs/uschedule.md#lesson-2, docs/uschedule.md#lesson-5).
 */
export interface LivenessRecord {
  readonly appointmentId: string;
  /** Number of consecutive readings of its slot as free. */
  readonly freeReadings: number;
  /** The booking counts as cancelled. This is final. */
  readonly dead: boolean;
  /** Creation time of the record that counted as cancelled. A later record is of another booking under the same id. */
  readonly createdAt?: Instant;
  /** End of the booking. The record is removed some time after it. */
  readonly end: Instant;
  readonly updatedAt: Instant;
}
