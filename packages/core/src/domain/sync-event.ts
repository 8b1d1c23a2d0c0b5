import type { Instant } from './instant.js';
import type { Slot } from './content.js';
import type { SyncError, SyncSystem } from './sync-error.js';
import type { Reason } from '../rules/decision.js';
import type { Trigger } from './task.js';

/** The actions on an appointment (docs/operating-contract.md#logs-and-metrics). */
export type SyncAction = 'create' | 'update' | 'move' | 'cancel' | 'adopt' | 'restore';

/** Direction of a change: from USchedule to the calendar, or back. */
export type SyncDirection = 'USCHEDULE_TO_GCAL' | 'GCAL_TO_USCHEDULE';

/** One attempted write to the other side: the log line of a sync action. */
export interface ActionEvent {
  readonly type: 'action';
  readonly at: Instant;
  readonly action: SyncAction;
  readonly direction: SyncDirection;
  readonly outcome: 'ok' | 'retry' | 'dead-letter';
  readonly reason: Reason;
  readonly appointmentId: string;
  readonly calendarId: string | null;
  readonly eventId: string | null;
  /** 1 for the first. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly trigger: Trigger;
  /**
   * Milliseconds from the change to the write. Null if the write failed. For an edit the start is the event's `updated`; for
   * a new booking the creation time, if it was observed within an hour; else the time of the observation.
   */
  readonly propagationMs: number | null;
  /** Time of the change on the other side, by its clock. Null if unknown. */
  readonly changedAt: Instant | null;
  /** Place on the written side before the write. Null if there was none: nothing existed, or an event without a time. */
  readonly before: Slot | null;
  /** Place after the write, or intended place. Null if it is removed. */
  readonly after: Slot | null;
  /** The new id of the booking. Null if the booking kept its id. */
  readonly successor: string | null;
  /** Present if the write failed, or if an edit was refused and reverted. */
  readonly error: SyncError | null;
}

/** The result of the decision table, also for rows without a write. */
export interface DecisionEvent {
  readonly type: 'decision';
  readonly at: Instant;
  readonly appointmentId: string;
  readonly reason: Reason;
  /** The row requires no write. */
  readonly quiet: boolean;
  /** Explanation, if the reason alone does not suffice. */
  readonly detail: string | null;
}

/** One call of a port to another system, or one operation of the store. */
export interface CallEvent {
  readonly type: 'call';
  readonly at: Instant;
  readonly system: SyncSystem;
  readonly method: string;
  /** `ok`, or the kind of the error. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly error: SyncError | null;
}

/** A completed run of a feed. */
export interface FeedEvent {
  readonly type: 'feed';
  readonly at: Instant;
  readonly feed: string;
  readonly outcome: 'ok' | 'failed' | 'stopped' | 'resumed';
  /** Number of records or events that were read. */
  readonly read: number;
  /** Number of appointments that need attention. */
  readonly tasks: number;
  readonly durationMs: number;
  /** Message for an administrator: why the run failed or stopped, or a warning. */
  readonly detail: string | null;
  readonly error: SyncError | null;
}

/** A task has failed and will be retried, or became a dead letter. */
export interface TaskEvent {
  readonly type: 'task';
  readonly at: Instant;
  readonly appointmentId: string;
  readonly outcome: 'retry' | 'wait' | 'dead-letter';
  readonly attempt: number;
  readonly dueAt: Instant | null;
  readonly error: SyncError | null;
}

/** A watch channel was opened or closed, or could not be. */
export interface ChannelEvent {
  readonly type: 'channel';
  readonly at: Instant;
  readonly calendarId: string;
  readonly outcome: 'opened' | 'stopped' | 'failed';
  readonly channelId: string;
  readonly expiresAt: Instant | null;
  readonly error: SyncError | null;
}

/** Any other message for an administrator. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly at: Instant;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly appointmentId: string | null;
  readonly calendarId: string | null;
}

/** The event stream of the engine. Logs, metrics and the console subscribe to it. */
export type SyncEvent = ActionEvent | DecisionEvent | CallEvent | FeedEvent | TaskEvent | ChannelEvent | NoticeEvent;
