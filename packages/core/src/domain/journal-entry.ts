import type { Reason } from '../rules/decision.js';
import type { Instant } from './instant.js';
import type { Slot } from './content.js';
import type { SyncAction, SyncDirection } from './sync-event.js';
import type { SyncErrorKind, SyncSystem } from './sync-error.js';
import type { Trigger } from './task.js';

/** Description of the error, without data from the other system. */
export interface JournalError {
  readonly kind: SyncErrorKind;
  readonly system: SyncSystem;
  readonly message: string;
  /** The reason of the other system: `rateLimitExceeded`. */
  readonly reason: string | null;
}

/**
 * One entry of the journal: an action on an appointment, or a decision not to act, and the reason. Entries expire
 * (`Journal`). The engine never reads them.
 */
export interface JournalEntry {
  /** Unique id. Of entries with the same time the later one has the higher id. */
  readonly id: string;
  readonly at: Instant;
  /** Empty for an action on the whole service. */
  readonly appointmentId: string;
  /**
   * `write`: an attempted write to the other side. `seen`: a decision without a write. `setback`: no decision was reached.
   * `notice`: a sentence for an administrator. `renamed`: the booking had the id in `other` before. `act`: an
   * administrator's manual action, described in `detail`.
   */
  readonly kind: 'write' | 'seen' | 'setback' | 'notice' | 'renamed' | 'act';
  /** Why the appointment was checked. Null if unknown. */
  readonly trigger: Trigger | null;
  /** The reason of the row (docs/decision-table.md#rows). */
  readonly reason: Reason | null;
  readonly action: SyncAction | null;
  readonly direction: SyncDirection | null;
  readonly outcome: 'ok' | 'retry' | 'wait' | 'dead-letter' | null;
  /** 1 for the first. */
  readonly attempt: number | null;
  /** Time of the change on the other side, by its clock. Null if unknown. */
  readonly changedAt: Instant | null;
  /** Place on the written side before the write. Null if there was none: nothing existed, or an event without a time. */
  readonly before: Slot | null;
  /** Place after the write, or intended place. Null if it was removed. */
  readonly after: Slot | null;
  /** The other appointment id, if the booking got a new one. */
  readonly other: string | null;
  /** Description of the cause or the action. */
  readonly detail: string | null;
  readonly error: JournalError | null;
  /** Time of the next attempt. */
  readonly dueAt: Instant | null;
}
