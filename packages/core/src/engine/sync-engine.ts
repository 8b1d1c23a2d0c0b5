import type { Observable } from 'rxjs';
import type { Booking } from '../domain/booking.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { FeedStop } from '../domain/feed-state.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { ChannelNotification } from '../domain/watch-channel.js';
import type { MapQuery, StoreResult, TaskCounts } from '../ports/sync-store.js';
import type { DeadLetter } from '../domain/task.js';
import type { Result } from '../result.js';
import type { EventCopy, RemovedCopies } from './copies.js';
import type { HeldCheckout } from './sources/booking-findings.js';
import type { EditDecision, HeldEdit } from './held-edits.js';
import type { UndoOutcome, UndoRequest } from './undo-change.js';

/** State of a feed. */
export interface FeedStatus {
  readonly feed: string;
  /** The bay of a calendar feed. Null for the booking feed. */
  readonly bay: string | null;
  readonly calendarId: string | null;
  /** Time of the last successful run. Null if there was none since the start. */
  readonly lastSuccessAt: Instant | null;
  readonly lastError: SyncError | null;
  /** A guard stopped it. See `resumeFeed`. */
  readonly stopped: FeedStop | null;
  /** Faults of the last answers that make the service not ready, as sentences. Empty if there are none. */
  readonly warnings: readonly string[];
  /** Warnings about the last answers that do not affect readiness. */
  readonly notes: readonly string[];
  /** Seconds between runs. */
  readonly everySeconds: number;
  /** Another replica ran it last and knows its state. Stops of guards are known here too. */
  readonly elsewhere: boolean;
}

/** State of the watch channel of one calendar. `channelId` is null if none is open. */
export interface ChannelStatus {
  readonly calendarId: string;
  readonly bay: string;
  readonly channelId: string | null;
  readonly expiresAt: Instant | null;
  readonly lastError: SyncError | null;
}

/** An open circuit breaker: a calendar or a system is not called until the given time, because it refuses all calls. */
export interface OpenCircuit {
  /** A calendar id, or `uschedule` / `google` for the whole system. */
  readonly key: string;
  readonly error: SyncError;
  readonly since: Instant;
  readonly probeAt: Instant;
}

/** State of the whole engine: the answer of `GET /admin/status`. */
export interface EngineStatus {
  readonly running: boolean;
  readonly feeds: readonly FeedStatus[];
  /** Empty without a public address. */
  readonly channels: readonly ChannelStatus[];
  readonly circuits: readonly OpenCircuit[];
  readonly tasks: TaskCounts;
  readonly deadLetters: number;
}

/** The result of one tick (docs/operating-contract.md#http). */
export interface TickReport {
  readonly polled: boolean;
  readonly swept: readonly string[];
  readonly channelsRenewed: number;
  readonly tasksDone: number;
}

/** The result of a notification. */
export type NotificationOutcome = 'accepted' | 'unknown-channel' | 'wrong-token';

/** Whether the service is ready, with the reasons, as sentences. */
export interface Readiness {
  readonly ready: boolean;
  /** Reasons. Empty if the service is ready. */
  readonly reasons: readonly string[];
  /** Warnings that do not affect readiness. */
  readonly warnings: readonly string[];
}

/**
 * The engine as its host uses it. No method throws, and nothing runs before `start`.
 * ```
 * new ──start──▶ running ──stop──▶ stopped        (a stopped engine is not started again: create a new one)
 * ```
 */
export interface SyncEngine {
  /** The events of the engine, live. Completes when the engine has stopped. */
  readonly events: Observable<SyncEvent>;

  /**
   * Starts feeds, workers and channels. Returns as soon as they run, without waiting for the first poll. A running engine
   * continues; a stopped one returns `invalid`.
   */
  start(): Promise<Result<void, SyncError>>;
  /** Takes no more work, completes the current work, releases leases. */
  stop(): Promise<void>;

  /** Reports that an appointment may have changed. Ok once the task is stored. */
  hint(appointmentId: string): Promise<Result<void, SyncError>>;
  /** Handles a push notification. */
  notify(notification: ChannelNotification): Promise<Result<NotificationOutcome, SyncError>>;

  /** Runs a poll and all incremental syncs now. Resolves after these, without waiting for their tasks. */
  syncNow(): Promise<void>;
  /** Runs one poll, one sync of every calendar, renewals and all due tasks: for hosts without timers. */
  tick(): Promise<TickReport>;
  /** Returns the stop of a feed with its list. Null if it is not stopped. */
  feedStop(feed: string): Promise<Result<FeedStop | null, SyncError>>;
  /**
   * Resumes a feed that a guard stopped: its next run applies the items in the list of the stop.
   *
   * @param version `stopVersion` of the confirmed list; absent: the current list
   * @returns `changed`: the list has changed, and nothing was done; `unknown`: there is no such feed
   */
  resumeFeed(feed: string, version?: string): Promise<Result<'resumed' | 'changed' | 'unknown', SyncError>>;

  /** Lists the edits that the edit guard holds. */
  heldEdits(): Promise<Result<readonly HeldEdit[], SyncError>>;
  /**
   * Applies held edits of a bay, or reverts their events.
   *
   * @param appointmentIds the selected appointments; absent: all of the bay
   * @returns the number of affected edits
   */
  decideHeldEdits(
    decision: EditDecision,
    bay: string,
    appointmentIds?: readonly string[],
  ): Promise<Result<number, SyncError>>;
  /**
   * Undoes a change of time or bay, as a new change (docs/decision-table.md#row-21e). Ok once the request is stored. It is
   * applied only if both sides are unchanged since.
   */
  undoChange(request: UndoRequest): Promise<Result<UndoOutcome, SyncError>>;
  /** Lists the copies: events with the marks of an appointment that another event mirrors. */
  copies(): Promise<Result<readonly EventCopy[], SyncError>>;
  /** Deletes exact duplicates among the copies that our own or a former account created. */
  removeCopies(): Promise<Result<RemovedCopies, SyncError>>;
  /** Lists the events of bays that were removed from the settings, whose visits are not over. */
  closedBayEvents(): Promise<Result<readonly EventCopy[], SyncError>>;
  /** Deletes these events. A bay that returns to the settings gets them again. */
  removeClosedBayEvents(): Promise<Result<RemovedCopies, SyncError>>;
  /**
   * Returns records whose checkout may still be in progress, from the latest poll of this process
   * (docs/decision-table.md#row-1a).
   */
  heldCheckouts(): readonly HeldCheckout[];
  /** Mirrors a held checkout at once, because an administrator has confirmed the customer. Ok once the task is stored. */
  mirrorNow(appointmentId: string): Promise<Result<void, SyncError>>;

  /** Returns the state of feeds, channels, circuits and tasks. */
  status(): StoreResult<EngineStatus>;
  /** Returns whether the engine is ready: the answer of `GET /ready`. An unreachable store is one of the reasons. */
  readiness(): Promise<Readiness>;
  /** Lists the maps that match the query, paged by `after` and `limit`. */
  maps(query: MapQuery): StoreResult<readonly BookingEventMap[]>;
  /** Returns the latest reading of an appointment in this process, with its details. Null if it was not read since the start. */
  latestBooking(appointmentId: string): Booking | null;
  /** Returns the latest readings of all appointments in the poll window. Empty before the first poll of this process. */
  latestBookings(): readonly Booking[];
  /** Lists the dead letters, paged by `after` and `limit`. */
  deadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]>;
  /** Turns a dead letter into a task again. Returns false if there is none. */
  replay(appointmentId: string): Promise<Result<boolean, SyncError>>;
}
