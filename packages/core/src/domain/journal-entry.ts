import type { Reason } from '../rules/decision.js';
import type { Instant } from './instant.js';
import type { Slot } from './slot.js';
import type { SyncAction, SyncDirection } from './sync-event.js';
import type { SyncErrorKind, SyncSystem } from './sync-error.js';
import type { Trigger } from './task.js';

/** What went wrong, in words, without what the other side sent. */
export interface JournalError {
  readonly kind: SyncErrorKind;
  readonly system: SyncSystem;
  readonly message: string;
  /** The other side's own reason: `rateLimitExceeded`. */
  readonly reason: string | null;
}

/**
 * One thing that was done to an appointment, or was looked at and left alone, and why. Kept for a bounded time
 * (`Journal`), and never read by the engine: it explains, it does not decide.
 */
export interface JournalEntry {
  /** Unique; of entries of the same moment the later one has the higher id. */
  readonly id: string;
  readonly at: Instant;
  /** Empty for an act on the service as a whole. */
  readonly appointmentId: string;
  /**
   * `write`: a write to the other side was tried; `seen`: a row that writes nothing; `setback`: it did not come to a
   * decision; `notice`: a sentence for a person; `renamed`: the booking had this id before, see `other`; `act`: a person
   * acted by hand, see `detail`.
   */
  readonly kind: 'write' | 'seen' | 'setback' | 'notice' | 'renamed' | 'act';
  /** What made us look; null where that is not known. */
  readonly trigger: Trigger | null;
  /** The reason of the row (docs/decision-table.md#rows). */
  readonly reason: Reason | null;
  readonly action: SyncAction | null;
  readonly direction: SyncDirection | null;
  readonly outcome: 'ok' | 'retry' | 'wait' | 'dead-letter' | null;
  /** 1 for the first. */
  readonly attempt: number | null;
  /** When the change was made on the other side, by its clock; null where that is not known. */
  readonly changedAt: Instant | null;
  /** Where the side that was written had it before; null when it was not there, or is not known. */
  readonly before: Slot | null;
  /** Where it has it after, or was to have it; null when it was removed. */
  readonly after: Slot | null;
  /** The appointment's other id, when the booking was given a new one. */
  readonly other: string | null;
  /** Why, or what, in words. */
  readonly detail: string | null;
  readonly error: JournalError | null;
  /** When it is tried again. */
  readonly dueAt: Instant | null;
}
