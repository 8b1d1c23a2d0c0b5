import type { Instant } from './instant.js';
import type { Slot } from './slot.js';
import type { SyncError, SyncSystem } from './sync-error.js';
import type { Reason } from '../rules/decision.js';
import type { Trigger } from './task.js';

/** What was done to an appointment (docs/operating-contract.md#logs-and-metrics). */
export type SyncAction = 'create' | 'update' | 'move' | 'cancel' | 'adopt' | 'restore';

/** Which way a change is carried: from USchedule to the calendar, or back. */
export type SyncDirection = 'USCHEDULE_TO_GCAL' | 'GCAL_TO_USCHEDULE';

/** One write to the other side, tried: the log line of a sync action. */
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
   * From the change to the write; null when it failed. An edit counts from the event's `updated`, a new booking from
   * its creation if it was noticed within an hour of it, anything else from when it was noticed.
   */
  readonly propagationMs: number | null;
  /** When the change was made on the other side, by its clock; null where that is not known. */
  readonly changedAt: Instant | null;
  /** Where the side that is written had it before; null when it was not there, or is not known. */
  readonly before: Slot | null;
  /** Where it has it after, or was to have it; null when it is removed. */
  readonly after: Slot | null;
  /** The id the booking has got by it; null: it kept its own. */
  readonly successor: string | null;
  /** Set when it failed, and when an edit was refused and put back. */
  readonly error: SyncError | null;
}

/** What the table said. Also for the rows that do nothing. */
export interface DecisionEvent {
  readonly type: 'decision';
  readonly at: Instant;
  readonly appointmentId: string;
  readonly reason: Reason;
  /** The row asks for no write. */
  readonly quiet: boolean;
  /** Why, in words, where the reason alone does not say it. */
  readonly detail: string | null;
}

/** One call through a port to another system, or one operation of the store. */
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

/** A feed has run. */
export interface FeedEvent {
  readonly type: 'feed';
  readonly at: Instant;
  readonly feed: string;
  readonly outcome: 'ok' | 'failed' | 'stopped' | 'resumed';
  /** Records or events read. */
  readonly read: number;
  /** Appointments that need attention. */
  readonly tasks: number;
  readonly durationMs: number;
  /** For a person: why it failed, stopped, or what was odd. */
  readonly detail: string | null;
  readonly error: SyncError | null;
}

/** A task has failed for now and is due again, or is parked. */
export interface TaskEvent {
  readonly type: 'task';
  readonly at: Instant;
  readonly appointmentId: string;
  readonly outcome: 'retry' | 'wait' | 'dead-letter';
  readonly attempt: number;
  readonly dueAt: Instant | null;
  readonly error: SyncError | null;
}

/** A watch channel was opened, closed, or could not be. */
export interface ChannelEvent {
  readonly type: 'channel';
  readonly at: Instant;
  readonly calendarId: string;
  readonly outcome: 'opened' | 'stopped' | 'failed';
  readonly channelId: string;
  readonly expiresAt: Instant | null;
  readonly error: SyncError | null;
}

/** Anything a person should know that is not of one of the other types. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly at: Instant;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly appointmentId: string | null;
  readonly calendarId: string | null;
}

/** The engine's one stream of what happens; logs, metrics and the console subscribe to it. */
export type SyncEvent = ActionEvent | DecisionEvent | CallEvent | FeedEvent | TaskEvent | ChannelEvent | NoticeEvent;
