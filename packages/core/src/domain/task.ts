import type { Instant } from './instant.js';
import type { SyncError } from './sync-error.js';

/** Why an appointment is checked. A trigger contains no command: only that the appointment may need attention. */
export type Trigger = 'hint' | 'poll' | 'sweep' | 'replay' | 'follow-up';

/** Calendar and id of an observed event. */
export interface EventRef {
  readonly calendarId: string;
  readonly eventId: string;
}

/** Is it the same event? Two events may have the same id in different calendars. */
export function isSamePlace(a: EventRef, b: EventRef): boolean {
  return a.eventId === b.eventId && a.calendarId === b.calendarId;
}

/** A request to check an appointment, to be stored as a task. */
export interface NewTask {
  readonly appointmentId: string;
  readonly dueAt: Instant;
  readonly trigger: Trigger;
  /**
   * The event whose change caused the task, if there is one. The event is read again after a crash, also if no map refers to
   * it. Of several requests the last one with an event counts.
   */
  readonly event: EventRef | null;
}

/**
 * A task claimed by this worker. `fence` is higher than that of every earlier claim in the store, and the write of the map
 * contains it. `mark` shows whether another trigger came during the work.
 */
export interface ClaimedTask {
  readonly appointmentId: string;
  readonly owner: string;
  readonly fence: number;
  readonly leaseUntil: Instant;
  readonly mark: number;
  /** The last trigger. */
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  /** Number of failed attempts. */
  readonly attempts: number;
  /** Number of claims, including this one. With more than 1, an earlier worker may have stopped in the middle. */
  readonly claims: number;
  /** Time of the first storing of the task. */
  readonly createdAt: Instant;
}

/** A task that is not retried before `retryAt` or a replay by an administrator. One per appointment. */
export interface DeadLetter {
  /** Id of the dead letter: the id of the appointment, so an appointment has at most one. */
  readonly appointmentId: string;
  readonly calendarId: string | null;
  readonly eventId: string | null;
  /** Reason of the failed decision (a row of docs/decision-table.md). Null if no decision was reached. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly error: SyncError;
  readonly at: Instant;
  /** Fingerprint of the booking at the failure. The poll ignores the appointment until the fingerprint changes. */
  readonly fingerprint: string | null;
  /** Time of the automatic retry of a temporary fault. Null for a permanent fault. */
  readonly retryAt: Instant | null;
  /** Number of automatic retries. */
  readonly revivals: number;
}
