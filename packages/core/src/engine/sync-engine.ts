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
import type { HeldCheckout } from './held-checkouts.js';
import type { EditDecision, HeldEdit } from './held-edits.js';
import type { UndoOutcome, UndoRequest } from './undo-change.js';

/** How a feed stands. */
export interface FeedStatus {
  readonly feed: string;
  /** The bay of a calendar feed; null for the booking feed. */
  readonly bay: string | null;
  readonly calendarId: string | null;
  /** When it last ran to its end without a failure; null: not since the start. */
  readonly lastSuccessAt: Instant | null;
  readonly lastError: SyncError | null;
  /** A guard stopped it; see `resumeFeed`. */
  readonly stopped: FeedStop | null;
  /** What is odd about its last answers and keeps the service from its job, in words; empty when all is well. */
  readonly warnings: readonly string[];
  /** What is odd about them and keeps it from nothing. */
  readonly notes: readonly string[];
  /** Seconds between runs. */
  readonly everySeconds: number;
  /** Another replica ran it last, and knows how it stands; what a guard said there is known here too. */
  readonly elsewhere: boolean;
}

/** How the watch channel of one calendar stands; `channelId` null: none is open. */
export interface ChannelStatus {
  readonly calendarId: string;
  readonly bay: string;
  readonly channelId: string | null;
  readonly expiresAt: Instant | null;
  readonly lastError: SyncError | null;
}

/** A calendar or a whole system that is left alone for a while, since it refuses us altogether. */
export interface OpenCircuit {
  /** A calendar id, or `uschedule` / `google` for the whole system. */
  readonly key: string;
  readonly error: SyncError;
  readonly since: Instant;
  readonly probeAt: Instant;
}

/** How everything stands: what `GET /admin/status` answers. */
export interface EngineStatus {
  readonly running: boolean;
  readonly feeds: readonly FeedStatus[];
  /** Empty when there is no public address. */
  readonly channels: readonly ChannelStatus[];
  readonly circuits: readonly OpenCircuit[];
  readonly tasks: TaskCounts;
  readonly deadLetters: number;
}

/** What one tick did (docs/operating-contract.md#http). */
export interface TickReport {
  readonly polled: boolean;
  readonly swept: readonly string[];
  readonly channelsRenewed: number;
  readonly tasksDone: number;
}

/** What became of a notification. */
export type NotificationOutcome = 'accepted' | 'unknown-channel' | 'wrong-token';

/** Whether the service can do its job, and if not, why, in words. */
export interface Readiness {
  readonly ready: boolean;
  /** Why not; empty when it is. */
  readonly reasons: readonly string[];
  /** What does not keep it from its job, and should be known all the same. */
  readonly warnings: readonly string[];
}

/**
 * The engine as its host sees it. Nothing here throws; nothing but `start` sets anything going.
 *
 * ```
 * new ──start──▶ running ──stop──▶ stopped        (a stopped engine is not started again: make a new one)
 * ```
 */
export interface SyncEngine {
  /** Everything that happens, as it happens. Completes when the engine has stopped. */
  readonly events: Observable<SyncEvent>;

  /**
   * Starts feeds, workers and channels. Answers as soon as they run; it does not wait for the first poll. An engine that
   * runs already goes on; one that was stopped answers `invalid`.
   */
  start(): Promise<Result<void, SyncError>>;
  /** Takes no more work, finishes what is under way, releases leases. */
  stop(): Promise<void>;

  /** An appointment may have changed. Ok once that is stored. */
  hint(appointmentId: string): Promise<Result<void, SyncError>>;
  /** A push notification arrived. */
  notify(notification: ChannelNotification): Promise<Result<NotificationOutcome, SyncError>>;

  /** Polls and sweeps now; answers when that is done (not when all of its tasks are). */
  syncNow(): Promise<void>;
  /** One poll, one sweep of every calendar, renewals and all due tasks, for hosts without timers. */
  tick(): Promise<TickReport>;
  /** The stop of a feed with its list; null: it is not stopped. */
  feedStop(feed: string): Promise<Result<FeedStop | null, SyncError>>;
  /**
   * Lets a feed that a guard stopped go on with what the list of its stop names.
   * @param version `stopVersion` of the list that the person saw; without it the present list
   * @returns `changed`: the list is another one by now, and nothing was done; `unknown`: there is no such feed
   */
  resumeFeed(feed: string, version?: string): Promise<Result<'resumed' | 'changed' | 'unknown', SyncError>>;

  /** The edits that the guard of people's edits holds, one by one. */
  heldEdits(): Promise<Result<readonly HeldEdit[], SyncError>>;
  /**
   * Carries held edits of a bay out, or puts their events back.
   * @param appointmentIds only these; without it all of the bay
   * @returns how many edits it is about
   */
  decideHeldEdits(
    decision: EditDecision,
    bay: string,
    appointmentIds?: readonly string[],
  ): Promise<Result<number, SyncError>>;
  /**
   * Undoes a change of time or bay, as a new change (docs/decision-table.md#row-21e). Ok once the request is stored; it is
   * carried out only if both sides are still as that change left them.
   */
  undoChange(request: UndoRequest): Promise<Result<UndoOutcome, SyncError>>;
  /** Events that bear the marks of an appointment which another event mirrors. */
  copies(): Promise<Result<readonly EventCopy[], SyncError>>;
  /** Deletes the exact doubles among them that our own or a former account made. */
  removeCopies(): Promise<Result<RemovedCopies, SyncError>>;
  /** The events of bays that were taken out of the settings, whose visits are not over. */
  closedBayEvents(): Promise<Result<readonly EventCopy[], SyncError>>;
  /** Deletes these events. A bay that returns to the settings gets them again. */
  removeClosedBayEvents(): Promise<Result<RemovedCopies, SyncError>>;
  /** Records whose checkout may still be in progress, as the latest poll of this process saw them (docs/decision-table.md#row-1a). */
  heldCheckouts(): readonly HeldCheckout[];
  /** Mirrors a held checkout at once: a person has seen the customer. Ok once that is stored. */
  mirrorNow(appointmentId: string): Promise<Result<void, SyncError>>;

  /** How feeds, channels, circuits and tasks stand. */
  status(): StoreResult<EngineStatus>;
  /** Whether the engine can do its job: what `GET /ready` answers. A store that cannot be reached is a reason like others. */
  readiness(): Promise<Readiness>;
  /** The maps that fit the query, paged by `after` and `limit`. */
  maps(query: MapQuery): StoreResult<readonly BookingEventMap[]>;
  /** The latest reading of an appointment in this process, also of its details; null: it was not read since the start. */
  latestBooking(appointmentId: string): Booking | null;
  /** The parked tasks, paged by `after` and `limit`. */
  deadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]>;
  /** Makes a task of a dead letter again. false: there is none. */
  replay(appointmentId: string): Promise<Result<boolean, SyncError>>;
}
