import type { Instant } from './instant.js';

/**
 * What blind mode must not forget about an appointment over a restart: how often in a row its own slot read as
 * free, and whether it was judged dead, which is for good (docs/uschedule.md#lesson-2, docs/uschedule.md#lesson-5).
 */
export interface LivenessRecord {
  readonly appointmentId: string;
  /** Consecutive readings of its slot as free. */
  readonly freeReadings: number;
  /** Judged dead: it stays dead. */
  readonly dead: boolean;
  /** End of the booking: the record may be forgotten when it is long over. */
  readonly end: Instant;
  readonly updatedAt: Instant;
}
