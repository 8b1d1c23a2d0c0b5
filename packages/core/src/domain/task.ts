import type { Instant } from './instant.js';
import type { SyncError } from './sync-error.js';

/** What made us look at an appointment. Carries no command: only that it may need attention. */
export type Trigger = 'hint' | 'poll' | 'sweep' | 'replay' | 'follow-up';

/** Where an event was seen. */
export interface EventRef {
  readonly calendarId: string;
  readonly eventId: string;
}

/** A mark that an appointment needs attention, to be stored. */
export interface NewTask {
  readonly appointmentId: string;
  readonly dueAt: Instant;
  readonly trigger: Trigger;
  /**
   * The event whose change is the reason, where one is: after a crash it is read again, also when no map leads to
   * it. Of several marks the last one that names an event counts.
   */
  readonly event: EventRef | null;
}

/**
 * A task that this worker holds. `fence` is higher than that of every earlier claim of any task in the store;
 * the map's write carries it. `mark` tells whether another trigger came while the task was worked on.
 */
export interface ClaimedTask {
  readonly appointmentId: string;
  readonly owner: string;
  readonly fence: number;
  readonly leaseUntil: Instant;
  readonly mark: number;
  /** The last one. */
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  /** Failed attempts so far; 0 for the first. */
  readonly attempts: number;
  /** How often it was claimed, this time included. More than 1: an earlier worker may have died half way. */
  readonly claims: number;
  /** When the task was first stored. */
  readonly createdAt: Instant;
}

/** A task that is parked until somebody replays it, or its `retryAt` comes. One per appointment. */
export interface DeadLetter {
  /** Its id is the appointment's: an appointment has one dead letter at most. */
  readonly appointmentId: string;
  readonly calendarId: string | null;
  readonly eventId: string | null;
  /** Reason of the decision that could not be carried out (a row of docs/decision-table.md), if it came that far. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly error: SyncError;
  readonly at: Instant;
  /** Fingerprint of the booking it failed with: the poll leaves the appointment alone until that changes. */
  readonly fingerprint: string | null;
  /** When a passing fault is tried again unasked; null for a fault that cannot pass. */
  readonly retryAt: Instant | null;
  /** How often it was tried again unasked. */
  readonly revivals: number;
}
