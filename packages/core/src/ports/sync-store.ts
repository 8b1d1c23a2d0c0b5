import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EventRecord, EventRecordKey } from '../domain/event-record.js';
import type { FeedState } from '../domain/feed-state.js';
import type { Instant, Period } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { OutgoingSignal, SignalState } from '../domain/outgoing-signal.js';
import type { SyncError } from '../domain/sync-error.js';
import type { ClaimedTask, DeadLetter, NewTask } from '../domain/task.js';
import type { WatchChannel } from '../domain/watch-channel.js';
import type { Result } from '../result.js';
import { claims, type StoreCapabilities } from './capabilities.js';

/** `transient` if the store is not reachable. Other kinds are listed at the method. */
export type StoreResult<T> = Promise<Result<T, SyncError>>;

/** Filter for maps. An absent field matches all. */
export interface MapQuery {
  readonly status?: 'ACTIVE' | 'CANCELED';
  readonly calendarId?: string;
  readonly bay?: string;
  /** Only maps whose `base.start` lies in the period. */
  readonly period?: Period;
  /** Only maps with an intent. */
  readonly withIntent?: true;
  /** Only maps after this appointment id. Maps are in ascending order of their id (as strings, by code point). */
  readonly after?: string;
  /** Maximum number of maps. Absent: all. */
  readonly limit?: number;
}

/** A position in time order. Entries and signals of the same time are ordered by id (as strings, by code point). */
export interface TimePlace {
  readonly at: Instant;
  readonly id: string;
}

/** Filter for journal entries of all appointments. */
export interface ActivityQuery {
  /** Only entries at or after this time. */
  readonly since?: Instant;
  /** Only entries before this position: the last entry of the previous page. */
  readonly before?: TimePlace;
  readonly limit: number;
}

/** Filter for signals of the outbox. An absent field matches all. */
export interface SignalQuery {
  readonly receiver?: string;
  readonly state?: SignalState;
  /** Only signals after this position. */
  readonly after?: TimePlace;
  /** Maximum number of signals. Absent: all. */
  readonly limit?: number;
}

/** The claim of due tasks: owner, number and lease. */
export interface ClaimRequest {
  readonly owner: string;
  readonly now: Instant;
  readonly leaseMs: number;
  readonly limit: number;
  /** Claim only tasks of these appointments. */
  readonly only?: readonly string[];
  /** Tasks that are due after this time count as due, leases that end after it as ended: the clock was ahead then. */ readonly latestDueAt?: Instant;
}

/** Number of tasks by state. */
export interface TaskCounts {
  /** Due and not claimed. */
  readonly due: number;
  /** Not due yet. */
  readonly waiting: number;
  /** Claimed with a valid lease. */
  readonly claimed: number;
}

/** Filter for records of events. */
export interface EventRecordQuery {
  readonly kind: EventRecord['kind'];
  readonly appointmentId?: string;
}

/** A named right of one replica that expires, for example to run a feed. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly until: Instant;
}

/**
 * The state that must survive the process. Replicas share nothing else.
 *
 * An implementation guarantees:
 * - *durability*: acknowledged data survives the end of the process (except in memory), and a power failure once `flush` has
 *   returned. A power failure loses the most recently acknowledged data only, never older data before newer;
 * - *atomicity* of each method for each single map, task, feed, channel or lease; none across them;
 * - *read your own writes*, from every replica;
 * - time comes from the arguments: the store has no clock.
 */
export interface SyncStore {
  /** Optional capabilities. An absent capability counts as supported. */
  readonly supports?: Partial<StoreCapabilities>;

  // -- maps ---------------------------------------------------------------------------------------------------
  /** Reads the map of an appointment. Null if there is none. */
  getMap(appointmentId: string): StoreResult<BookingEventMap | null>;
  /**
   * Reads the map of an event. If several maps share it (the old and new id of a booking): the ACTIVE one, else the last
   * synced.
   */
  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null>;
  /** Lists the maps that match the query, in ascending order of the appointment id. */
  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]>;
  /**
   * Compare and set: stores `map` if the stored version is `map.version` (0: no map exists) and the stored fence is not
   * above `map.fence`. Returns the stored map with its version increased by one. Otherwise `conflict`.
   */
  putMap(map: BookingEventMap): StoreResult<BookingEventMap>;
  /** Removes the maps without an intent whose `lastSyncedAt` and `base.end` are both before the given time. */
  forgetMaps(before: Instant): StoreResult<void>;

  // -- tasks: one per appointment -----------------------------------------------------------------------------
  /**
   * Adds tasks, or marks existing ones: the mark rises, the earlier due time is kept, the new trigger replaces the old. A
   * claimed task stays with its worker. All are stored when the call returns, and survive a power failure after a `flush`.
   */
  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void>;
  /**
   * Claims due tasks without a valid lease, those with the earliest due time first. A lease has expired when `leaseUntil` is
   * reached. Each claim gets a fencing number above all earlier ones of this store. The fences of a new store begin above
   * `now`, so that they are above those of a lost one: a process that has claimed from that one cannot overwrite a map of
   * this one. A creation time after `now` becomes `now`.
   */
  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]>;
  /**
   * Renews the lease until `leaseUntil` and changes nothing else. `conflict` if the claim is lost: released, or claimed by
   * another replica (an expired lease that was not claimed can be renewed).
   */
  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void>;
  /**
   * Completes the task and removes it. A task that was marked during the work stays, due at `againAt` (`again`), like a new
   * one: no attempts, no claims, created `now`. `conflict` if the claim is lost: released, or claimed by another replica (an
   * expired lease alone is no conflict).
   */
  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'>;
  /**
   * Releases the task, due at `dueAt`, or at `againAt` if it was marked during the work. Stores the given `attempts`.
   * `conflict` if the claim is lost.
   */
  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void>;
  /**
   * Stores the dead letter (replacing an older one), then removes the task. A task that was marked during the work stays as
   * in `completeTask`, so that no trigger is lost. `conflict` as above.
   */
  deadLetterTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void>;
  /** Releases all tasks and leases of this owner: for a graceful stop. */
  releaseTasks(owner: string): StoreResult<void>;
  /** Returns when the next unclaimed task is due or the next lease expires. Null if there is no task. */
  nextTaskDueAt(): StoreResult<Instant | null>;
  /** Counts the tasks that are due, waiting and claimed at `now`. */
  countTasks(now: Instant): StoreResult<TaskCounts>;

  // -- dead letters -------------------------------------------------------------------------------------------
  /** Lists dead letters in ascending order of the appointment id, paged like maps. */
  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]>;
  /** Reads the dead letter of an appointment. Null if there is none. */
  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null>;
  /** Removes a dead letter. Removing a missing one is no error. */
  deleteDeadLetter(appointmentId: string): StoreResult<void>;

  // -- feeds, leases, channels --------------------------------------------------------------------------------
  /** Reads the state of a feed. Null if it has never run. */
  getFeedState(feed: string): StoreResult<FeedState | null>;
  /** Stores the state of a feed and replaces the old one. The caller holds the lease of the feed. */
  putFeedState(state: FeedState): StoreResult<void>;
  /** Takes or renews a named lease. Returns true if the owner holds it until `until`. */
  acquireLease(lease: Lease, now: Instant): StoreResult<boolean>;
  /** Reads the last lease of this name, also if it has expired. Null if the owner has released it. */
  getLease(name: string): StoreResult<Lease | null>;
  /** Lists the leases whose name begins with `prefix`, also expired ones, in ascending order of the name. */
  listLeases(prefix: string): StoreResult<readonly Lease[]>;
  /** Releases the lease if the owner holds it. */
  releaseLease(name: string, owner: string): StoreResult<void>;
  /** Lists all known watch channels, also expired ones. */
  listChannels(): StoreResult<readonly WatchChannel[]>;
  /** Stores a channel and replaces one with the same id. */
  putChannel(channel: WatchChannel): StoreResult<void>;
  /** Removes a channel. Removing a missing one is no error. */
  deleteChannel(channelId: string): StoreResult<void>;

  // -- liveness (blind mode) ----------------------------------------------------------------------------------
  /** Lists the records of all bookings with a hidden status. */
  listLiveness(): StoreResult<readonly LivenessRecord[]>;
  /** Stores records, each replacing one of the same appointment. */
  putLiveness(records: readonly LivenessRecord[]): StoreResult<void>;
  /** Removes the records of bookings that ended before the given time. */
  forgetLiveness(endedBefore: Instant): StoreResult<void>;

  // -- journal: omitted if `supports.journal` is false -----------------------------------------------------------
  /** Adds entries. An existing entry with the same id stays unchanged. */
  addJournal?(entries: readonly JournalEntry[]): StoreResult<void>;
  /** Lists the newest entries of an appointment, at most `limit`, in ascending order (by time, then by id). */
  listJournal?(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]>;
  /** Lists entries of all appointments, the newest first (by time, then by id). */
  listActivity?(query: ActivityQuery): StoreResult<readonly JournalEntry[]>;
  /** Removes entries from before the given time, and of the rest all but the newest `keep` of all appointments together. */
  forgetJournal?(before: Instant, keep: number): StoreResult<void>;

  // -- outbox of signals --------------------------------------------------------------------------------------
  /** Adds signals. An existing signal with the same id stays unchanged. */
  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void>;
  /** Lists the signals that match the query, the oldest first (by time, then by id). */
  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]>;
  /** Stores a signal and replaces the one with the same id. */
  putSignal(signal: OutgoingSignal): StoreResult<void>;
  /** Removes signals from before the given time that are not waiting. */
  forgetSignals(before: Instant): StoreResult<void>;

  // -- records of events -------------------------------------------------------------------------------------
  /** Stores each record under its kind and id and replaces an earlier one. */
  putEventRecords(records: readonly EventRecord[]): StoreResult<void>;
  /** Lists all records of a kind, or those of one appointment, by id. */
  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]>;
  /** Removes these records. Removing a missing one is no error. */
  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void>;

  /** Is the store reachable and writable? */
  ping(): StoreResult<void>;
  /**
   * Returns when all data acknowledged before survives a power failure. A store whose acknowledgements are that durable
   * returns at once. Without this call a power failure may lose: new tasks, new maps, intents in maps, records of events,
   * claims and ends of tasks, sync tokens.
   */
  flush(): StoreResult<void>;
  /** Releases files and sockets. No method may be called after it. */
  close(): Promise<void>;
}

/** Does the store keep a journal? */
export function hasJournal(store: Pick<SyncStore, 'supports'>): boolean {
  return claims<StoreCapabilities>(store, 'journal');
}

/** May several processes open the store? */
export function isShared(store: Pick<SyncStore, 'supports'>): boolean {
  return claims<StoreCapabilities>(store, 'sharing');
}
