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

/** `transient` when the store cannot be reached; other kinds are named at the method. */
export type StoreResult<T> = Promise<Result<T, SyncError>>;

/** Which maps are asked for; without a field, any. */
export interface MapQuery {
  readonly status?: 'ACTIVE' | 'CANCELED';
  readonly calendarId?: string;
  readonly bay?: string;
  /** Only maps whose `base.start` lies in the period. */
  readonly period?: Period;
  /** Only maps with a change under way. */
  readonly withIntent?: true;
  /** Page on after this appointment id; maps come in ascending order of their id (as strings, by code point). */
  readonly after?: string;
  /** At most so many; all without it. */
  readonly limit?: number;
}

/** A place in the order of time: entries and signals of the same moment are ordered by id (as strings, by code point). */
export interface TimePlace {
  readonly at: Instant;
  readonly id: string;
}

/** Which journal entries are asked for, of all appointments. */
export interface ActivityQuery {
  /** Only entries at or after this time. */
  readonly since?: Instant;
  /** Only entries before this place: the last entry of the page before. */
  readonly before?: TimePlace;
  readonly limit: number;
}

/** Which signals of the outbox are asked for; without a field, any. */
export interface SignalQuery {
  readonly receiver?: string;
  readonly state?: SignalState;
  /** Only signals after this place. */
  readonly after?: TimePlace;
  /** At most this many; all without it. */
  readonly limit?: number;
}

/** Who wants how many due tasks, and for how long. */
export interface ClaimRequest {
  readonly owner: string;
  readonly now: Instant;
  readonly leaseMs: number;
  readonly limit: number;
  /** Claim only tasks of these appointments. */
  readonly only?: readonly string[];
}

/** How many tasks there are, by what they wait for. */
export interface TaskCounts {
  /** Due, and nobody holds it. */
  readonly due: number;
  /** Not due yet. */
  readonly waiting: number;
  /** Under a lease that has not run out. */
  readonly claimed: number;
}

/** Which records of events to list. */
export interface EventRecordQuery {
  readonly kind: EventRecord['kind'];
  readonly appointmentId?: string;
}

/** A named right of one replica, until a time: to run a feed, for example. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly until: Instant;
}

/**
 * What must outlive the process. Replicas share nothing but this.
 *
 * An implementation owes:
 * - *durability*: what is acknowledged survives the death of the process (a store in memory excepted), and a power cut once
 *   `flush` has answered. What a power cut takes is always the last that was acknowledged, never something before it;
 * - *atomicity* of each method for each single map, task, feed, channel or lease; nothing across them;
 * - *reading one's own writes*, from every replica;
 * - it takes the time from its arguments and has no clock of its own.
 */
export interface SyncStore {
  /** What it can do beside the rest. What is not given, it can. */
  readonly supports?: Partial<StoreCapabilities>;

  // -- maps ---------------------------------------------------------------------------------------------------
  /** The map of an appointment; null: there is none. */
  getMap(appointmentId: string): StoreResult<BookingEventMap | null>;
  /** The map of an event. Where several share it (a rescheduled booking's old and new), the ACTIVE one, else the one synced last. */
  findMapByEvent(eventId: string): StoreResult<BookingEventMap | null>;
  /** The maps that fit the query, in ascending order of the appointment id. */
  listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]>;
  /**
   * Compare and set: stores `map` if the stored version is `map.version` (0: there is none yet) and the stored
   * fence is not above `map.fence`. Answers the map as stored, its version one higher. Else `conflict`.
   */
  putMap(map: BookingEventMap): StoreResult<BookingEventMap>;

  // -- tasks: one per appointment -----------------------------------------------------------------------------
  /**
   * Adds, or marks the one that is there: its mark rises, it becomes due at the earlier time, its trigger is the
   * new one. A task that is worked on stays with its worker. All are stored when this answers, and outlive a power cut after a `flush`.
   */
  addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void>;
  /**
   * Takes due tasks that nobody holds, the longest due first. A lease has run out when `leaseUntil` is reached. Each
   * claim gets a fencing number above all given before, over the whole life of the store.
   */
  claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]>;
  /**
   * The work goes on: the lease runs until `leaseUntil`, all else stays. `conflict` when the claim is no longer ours: given
   * back, or claimed by somebody else (a lease that ran out unnoticed can be renewed).
   */
  renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void>;
  /**
   * The work is done: the task goes. If it was marked while it was worked on, it stays and is due at `againAt`
   * (`again`), as if it were new: no attempts, no claims, created `now`. `conflict` when the claim is no longer ours:
   * given back, or claimed by somebody else (a lease that ran out unnoticed does no harm).
   */
  completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'>;
  /**
   * Gives the task back, due at `dueAt`, or at `againAt` if it was marked meanwhile. `attempts` is stored as given.
   * `conflict` when the claim is no longer ours.
   */
  postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void>;
  /**
   * Parks the task: the dead letter is stored (over an older one), then the task goes. If it was marked while it was
   * worked on, it stays as in `completeTask`, so that no trigger is lost. `conflict` as above.
   */
  buryTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void>;
  /** Lets go of everything this owner holds: a graceful stop. */
  releaseTasks(owner: string): StoreResult<void>;
  /** When the next unclaimed task is due, or the next lease runs out; null when there is no task. */
  nextTaskDueAt(): StoreResult<Instant | null>;
  /** How many tasks are due, waiting and claimed at `now`. */
  countTasks(now: Instant): StoreResult<TaskCounts>;

  // -- dead letters -------------------------------------------------------------------------------------------
  /** In ascending order of the appointment id, paged as maps are. */
  listDeadLetters(page: { readonly after?: string; readonly limit?: number }): StoreResult<readonly DeadLetter[]>;
  /** The dead letter of an appointment; null: it is not parked. */
  getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null>;
  /** Gone already is fine. */
  deleteDeadLetter(appointmentId: string): StoreResult<void>;

  // -- feeds, leases, channels --------------------------------------------------------------------------------
  /** What a feed remembers; null: it has never run. */
  getFeedState(feed: string): StoreResult<FeedState | null>;
  /** Stores what a feed remembers, over what was there: whoever runs a feed holds its lease. */
  putFeedState(state: FeedState): StoreResult<void>;
  /** Takes or renews a named lease: true when it is ours until `until`. */
  acquireLease(lease: Lease, now: Instant): StoreResult<boolean>;
  /** The lease of this name as it was last taken, also when it has run out; null when its owner has let go of it. */
  getLease(name: string): StoreResult<Lease | null>;
  /** The leases whose name begins with `prefix`, also those that have run out, in ascending order of the name. */
  listLeases(prefix: string): StoreResult<readonly Lease[]>;
  /** Lets go of it, if it is ours. */
  releaseLease(name: string, owner: string): StoreResult<void>;
  /** All watch channels that are known, also those that have run out. */
  listChannels(): StoreResult<readonly WatchChannel[]>;
  /** Stores a channel, over one of the same id. */
  putChannel(channel: WatchChannel): StoreResult<void>;
  /** Gone already is fine. */
  deleteChannel(channelId: string): StoreResult<void>;

  // -- liveness (blind mode) ----------------------------------------------------------------------------------
  /** What is known of every booking whose status is hidden. */
  listLiveness(): StoreResult<readonly LivenessRecord[]>;
  /** Stores records, each over one of the same appointment. */
  putLiveness(records: readonly LivenessRecord[]): StoreResult<void>;
  /** Forgets records of bookings that ended before. */
  forgetLiveness(endedBefore: Instant): StoreResult<void>;

  // -- journal: left out where `supports` says so ----------------------------------------------------------------
  /** Adds entries; one that is there already, by its id, stays as it is. */
  addJournal?(entries: readonly JournalEntry[]): StoreResult<void>;
  /** The newest entries of an appointment, at most `limit`, the oldest of them first (by time, then by id). */
  listJournal?(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]>;
  /** Entries of all appointments, the newest first (by time, then by id). */
  listActivity?(query: ActivityQuery): StoreResult<readonly JournalEntry[]>;
  /** Forgets entries from before, and of the others all but the newest `keep`, of all appointments together. */
  forgetJournal?(before: Instant, keep: number): StoreResult<void>;

  // -- outbox of signals --------------------------------------------------------------------------------------
  /** Adds signals; one that is there already, by its id, stays as it is. */
  addSignals(signals: readonly OutgoingSignal[]): StoreResult<void>;
  /** The signals that fit the query, the oldest first (by time, then by id). */
  listSignals(query: SignalQuery): StoreResult<readonly OutgoingSignal[]>;
  /** Stores a signal, over the one of the same id. */
  putSignal(signal: OutgoingSignal): StoreResult<void>;
  /** Removes signals from before that are not waiting. */
  forgetSignals(before: Instant): StoreResult<void>;

  // -- records of events -------------------------------------------------------------------------------------
  /** Stores each record under its kind and id, in place of an earlier one. */
  putEventRecords(records: readonly EventRecord[]): StoreResult<void>;
  /** All records of a kind, or those of one appointment, by id. */
  listEventRecords(query: EventRecordQuery): StoreResult<readonly EventRecord[]>;
  /** Removes these; one that is not there is no error. */
  deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void>;

  /** Can it be reached and written to? */
  ping(): StoreResult<void>;
  /**
   * Answers when all that was acknowledged before survives a power cut. A store whose acknowledgements are that durable
   * answers at once. Without it may be lost: new tasks, new maps without an intent, claims and ends of tasks, sync tokens.
   */
  flush(): StoreResult<void>;
  /** Releases files and sockets; nothing may be called after it. */
  close(): Promise<void>;
}

/** Does the store keep a journal? */
export function hasJournal(store: Pick<SyncStore, 'supports'>): boolean {
  return claims<StoreCapabilities>(store, 'journal');
}

/** May several processes have the store open? */
export function isShared(store: Pick<SyncStore, 'supports'>): boolean {
  return claims<StoreCapabilities>(store, 'sharing');
}
