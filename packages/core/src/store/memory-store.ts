import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { FeedState } from '../domain/feed-state.js';
import type { Instant } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { EventRecord, EventRecordKey } from '../domain/event-record.js';
import type { OutgoingSignal } from '../domain/outgoing-signal.js';
import type { SyncError } from '../domain/sync-error.js';
import type { ClaimedTask, DeadLetter, NewTask } from '../domain/task.js';
import type { WatchChannel } from '../domain/watch-channel.js';
import type {
  ActivityQuery,
  ClaimRequest,
  Lease,
  MapQuery,
  EventRecordQuery,
  SignalQuery,
  StoreResult,
  SyncStore,
  TaskCounts,
  TimePlace,
} from '../ports/sync-store.js';
import { Err, Ok, type Result } from '../result.js';
import { compareCodePoints } from './code-point-order.js';
import { frozenCopy } from './frozen-copy.js';
import { MemoryData, type MemoryTask } from './memory-data.js';

/** What a store in memory may be told; nothing is needed. */
export interface MemoryStoreOptions {
  /** What the store says of itself (`SyncStore.shared`); default false. */
  readonly shared?: boolean;
  /** Data to work on, its own when missing. Stores on the same data are replicas of each other. */
  readonly data?: MemoryData;
}

/**
 * A store that forgets everything with its process: the fake of every test, and `STORE_URL=memory:`.
 *
 * Each method does its whole work before it first gives way, so it is atomic. What is stored and what is handed out
 * is frozen: nobody shares state that can change. `close` does nothing, so replicas may also share one object.
 */
export class MemoryStore implements SyncStore {
  readonly shared: boolean;
  protected readonly data: MemoryData;

  constructor(options: MemoryStoreOptions = {}) {
    this.shared = options.shared ?? false;
    this.data = options.data ?? new MemoryData();
  }

  // -- maps ---------------------------------------------------------------------------------------------------

  async getMap(appointmentId: string): StoreResult<BookingEventMap | null> {
    return Ok(this.data.maps.get(appointmentId) ?? null);
  }

  async findMapByEvent(eventId: string): StoreResult<BookingEventMap | null> {
    let found: BookingEventMap | null = null;
    for (const appointmentId of this.data.appointmentsByEvent.get(eventId) ?? []) {
      const map = this.data.maps.get(appointmentId);
      if (map && (!found || isBetterMapOfEvent(map, found))) found = map;
    }
    return Ok(found);
  }

  async listMaps(query: MapQuery): StoreResult<readonly BookingEventMap[]> {
    const matching = [...this.data.maps.values()].filter((map) => matches(map, query));
    matching.sort((a, b) => compareCodePoints(a.uscheduleAppointmentId, b.uscheduleAppointmentId));
    return Ok(Object.freeze(matching.slice(0, query.limit)));
  }

  async putMap(map: BookingEventMap): StoreResult<BookingEventMap> {
    const appointmentId = map.uscheduleAppointmentId;
    const stored = this.data.maps.get(appointmentId);
    if ((stored?.version ?? 0) !== map.version) {
      return conflict(
        'putMap',
        `the map of ${appointmentId} is at version ${stored?.version ?? 0}, not ${map.version}`,
      );
    }
    if (stored && stored.fence > map.fence) {
      return conflict(
        'putMap',
        `the map of ${appointmentId} was written under fence ${stored.fence}, above ${map.fence}`,
      );
    }
    const next = frozenCopy({ ...map, version: map.version + 1 });
    if (stored?.googleEventId !== next.googleEventId) this.#changeEvent(appointmentId, stored, next);
    this.data.maps.set(appointmentId, next);
    return Ok(next);
  }

  // -- tasks --------------------------------------------------------------------------------------------------

  async addTasks(tasks: readonly NewTask[], now: Instant): StoreResult<void> {
    for (const { appointmentId, dueAt, trigger, event: seen } of tasks) {
      const event = frozenCopy(seen);
      const stored = this.data.tasks.get(appointmentId);
      this.#setTask(
        stored
          ? {
              ...stored,
              trigger,
              event: event ?? stored.event,
              dueAt: Math.min(stored.dueAt, dueAt),
              mark: stored.mark + 1,
            }
          : { appointmentId, dueAt, trigger, event, mark: 1, attempts: 0, claims: 0, createdAt: now, claim: null },
      );
    }
    return Ok.EMPTY;
  }

  async claimTasks(request: ClaimRequest): StoreResult<readonly ClaimedTask[]> {
    const { owner, now, leaseMs, limit } = request;
    const due = this.#candidates(request.only).filter((task) => task.dueAt <= now && !isHeld(task, now));
    due.sort((a, b) => a.dueAt - b.dueAt || compareCodePoints(a.appointmentId, b.appointmentId));
    const claimed = due.slice(0, Math.max(0, limit)).map((task): ClaimedTask => {
      const claim = { owner, fence: ++this.data.lastFence, leaseUntil: now + leaseMs };
      const held = { ...task, claims: task.claims + 1, claim };
      this.#setTask(held);
      const { appointmentId, mark, trigger, event, attempts, claims, createdAt } = held;
      return Object.freeze({ appointmentId, ...claim, mark, trigger, event, attempts, claims, createdAt });
    });
    return Ok(Object.freeze(claimed));
  }

  async renewTask(task: ClaimedTask, leaseUntil: Instant): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored?.claim) return noLongerOurs('renewTask', task);
    this.#setTask({ ...stored, claim: { ...stored.claim, leaseUntil } });
    return Ok.EMPTY;
  }

  async completeTask(task: ClaimedTask, now: Instant, againAt: Instant): StoreResult<'done' | 'again'> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('completeTask', task);
    if (stored.mark === task.mark) {
      this.data.tasks.delete(task.appointmentId);
      return Ok('done');
    }
    this.#setTask(asNew(stored, now, againAt));
    return Ok('again');
  }

  async postponeTask(task: ClaimedTask, dueAt: Instant, attempts: number, againAt: Instant): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('postponeTask', task);
    this.#setTask({ ...stored, dueAt: stored.mark === task.mark ? dueAt : againAt, attempts, claim: null });
    return Ok.EMPTY;
  }

  async buryTask(task: ClaimedTask, letter: DeadLetter): StoreResult<void> {
    const stored = this.#held(task);
    if (!stored) return noLongerOurs('buryTask', task);
    this.data.deadLetters.set(letter.appointmentId, frozenCopy(letter));
    if (stored.mark === task.mark) this.data.tasks.delete(task.appointmentId);
    else this.#setTask(asNew(stored, letter.at, letter.at));
    return Ok.EMPTY;
  }

  async releaseTasks(owner: string): StoreResult<void> {
    for (const task of this.data.tasks.values()) {
      if (task.claim?.owner === owner) this.#setTask({ ...task, claim: null });
    }
    return Ok.EMPTY;
  }

  async nextTaskDueAt(): StoreResult<Instant | null> {
    let next: Instant | null = null;
    for (const task of this.data.tasks.values()) {
      const at = task.claim ? task.claim.leaseUntil : task.dueAt;
      if (next === null || at < next) next = at;
    }
    return Ok(next);
  }

  async countTasks(now: Instant): StoreResult<TaskCounts> {
    let due = 0;
    let waiting = 0;
    let claimed = 0;
    for (const task of this.data.tasks.values()) {
      if (isHeld(task, now)) claimed++;
      else if (task.dueAt <= now) due++;
      else waiting++;
    }
    return Ok({ due, waiting, claimed });
  }

  // -- dead letters -------------------------------------------------------------------------------------------

  async listDeadLetters(page: {
    readonly after?: string;
    readonly limit?: number;
  }): StoreResult<readonly DeadLetter[]> {
    const { after, limit } = page;
    const letters = [...this.data.deadLetters.values()]
      .filter((letter) => after === undefined || compareCodePoints(letter.appointmentId, after) > 0)
      .sort((a, b) => compareCodePoints(a.appointmentId, b.appointmentId));
    return Ok(Object.freeze(letters.slice(0, limit)));
  }

  async getDeadLetter(appointmentId: string): StoreResult<DeadLetter | null> {
    return Ok(this.data.deadLetters.get(appointmentId) ?? null);
  }

  async deleteDeadLetter(appointmentId: string): StoreResult<void> {
    this.data.deadLetters.delete(appointmentId);
    return Ok.EMPTY;
  }

  // -- feeds, leases, channels --------------------------------------------------------------------------------

  async getFeedState(feed: string): StoreResult<FeedState | null> {
    return Ok(this.data.feedStates.get(feed) ?? null);
  }

  async putFeedState(state: FeedState): StoreResult<void> {
    this.data.feedStates.set(state.feed, frozenCopy(state));
    return Ok.EMPTY;
  }

  async acquireLease(lease: Lease, now: Instant): StoreResult<boolean> {
    const held = this.data.leases.get(lease.name);
    if (held && held.owner !== lease.owner && held.until > now) return Ok(false);
    this.data.leases.set(lease.name, frozenCopy(lease));
    return Ok(true);
  }

  async getLease(name: string): StoreResult<Lease | null> {
    return Ok(this.data.leases.get(name) ?? null);
  }

  async releaseLease(name: string, owner: string): StoreResult<void> {
    if (this.data.leases.get(name)?.owner === owner) this.data.leases.delete(name);
    return Ok.EMPTY;
  }

  async listChannels(): StoreResult<readonly WatchChannel[]> {
    return Ok(Object.freeze([...this.data.channels.values()]));
  }

  async putChannel(channel: WatchChannel): StoreResult<void> {
    this.data.channels.set(channel.channelId, frozenCopy(channel));
    return Ok.EMPTY;
  }

  async deleteChannel(channelId: string): StoreResult<void> {
    this.data.channels.delete(channelId);
    return Ok.EMPTY;
  }

  // -- liveness -----------------------------------------------------------------------------------------------

  async listLiveness(): StoreResult<readonly LivenessRecord[]> {
    return Ok(Object.freeze([...this.data.liveness.values()]));
  }

  async putLiveness(records: readonly LivenessRecord[]): StoreResult<void> {
    for (const record of records) this.data.liveness.set(record.appointmentId, frozenCopy(record));
    return Ok.EMPTY;
  }

  async forgetLiveness(endedBefore: Instant): StoreResult<void> {
    for (const record of this.data.liveness.values()) {
      if (record.end < endedBefore) this.data.liveness.delete(record.appointmentId);
    }
    return Ok.EMPTY;
  }

  // -- journal ------------------------------------------------------------------------------------------------

  async addJournal(entries: readonly JournalEntry[]): StoreResult<void> {
    for (const entry of entries) {
      if (!this.data.journal.has(entry.id)) this.data.journal.set(entry.id, frozenCopy(entry));
    }
    return Ok.EMPTY;
  }

  async listJournal(appointmentId: string, limit: number): StoreResult<readonly JournalEntry[]> {
    const own = [...this.data.journal.values()].filter((entry) => entry.appointmentId === appointmentId);
    return Ok(Object.freeze(own.sort(byTime).slice(Math.max(0, own.length - limit))));
  }

  async listActivity({ since, before, limit }: ActivityQuery): StoreResult<readonly JournalEntry[]> {
    const fitting = [...this.data.journal.values()].filter(
      (entry) => (since === undefined || entry.at >= since) && (before === undefined || byTime(entry, before) < 0),
    );
    return Ok(Object.freeze(fitting.sort((a, b) => byTime(b, a)).slice(0, Math.max(0, limit))));
  }

  async forgetJournal(before: Instant, keep: number): StoreResult<void> {
    const entries = [...this.data.journal.values()].sort(byTime);
    for (const [index, { id, at }] of entries.entries()) {
      if (at < before || index < entries.length - keep) this.data.journal.delete(id);
    }
    return Ok.EMPTY;
  }

  // -- outbox of signals --------------------------------------------------------------------------------------

  async addSignals(signals: readonly OutgoingSignal[]): StoreResult<void> {
    for (const signal of signals) {
      if (!this.data.signals.has(signal.id)) this.data.signals.set(signal.id, frozenCopy(signal));
    }
    return Ok.EMPTY;
  }

  async listSignals({ receiver, state, after, limit }: SignalQuery): StoreResult<readonly OutgoingSignal[]> {
    const fitting = [...this.data.signals.values()].filter(
      (signal) =>
        (receiver === undefined || signal.receiver === receiver) &&
        (state === undefined || signal.state === state) &&
        (after === undefined || byTime(signal, after) > 0),
    );
    return Ok(Object.freeze(fitting.sort(byTime).slice(0, limit)));
  }

  async putSignal(signal: OutgoingSignal): StoreResult<void> {
    this.data.signals.set(signal.id, frozenCopy(signal));
    return Ok.EMPTY;
  }

  async forgetSignals(before: Instant): StoreResult<void> {
    for (const { id, at, state } of this.data.signals.values()) {
      if (at < before && state !== 'waiting') this.data.signals.delete(id);
    }
    return Ok.EMPTY;
  }

  // -- records of events --------------------------------------------------------------------------------------

  async putEventRecords(records: readonly EventRecord[]): StoreResult<void> {
    for (const record of records) this.data.eventRecords.set(recordKey(record), frozenCopy(record));
    return Ok.EMPTY;
  }

  async listEventRecords({ kind, appointmentId }: EventRecordQuery): StoreResult<readonly EventRecord[]> {
    const fitting = [...this.data.eventRecords.values()].filter(
      (record) => record.kind === kind && (appointmentId === undefined || record.appointmentId === appointmentId),
    );
    return Ok(Object.freeze(fitting.sort((a, b) => compareCodePoints(a.id, b.id))));
  }

  async deleteEventRecords(keys: readonly EventRecordKey[]): StoreResult<void> {
    for (const key of keys) this.data.eventRecords.delete(recordKey(key));
    return Ok.EMPTY;
  }

  async ping(): StoreResult<void> {
    return Ok.EMPTY;
  }

  async close(): Promise<void> {}

  // -- within -------------------------------------------------------------------------------------------------

  #changeEvent(appointmentId: string, from: BookingEventMap | undefined, to: BookingEventMap): void {
    const { appointmentsByEvent } = this.data;
    if (from) {
      const left = appointmentsByEvent.get(from.googleEventId)?.filter((id) => id !== appointmentId) ?? [];
      if (left.length > 0) appointmentsByEvent.set(from.googleEventId, left);
      else appointmentsByEvent.delete(from.googleEventId);
    }
    appointmentsByEvent.set(to.googleEventId, [...(appointmentsByEvent.get(to.googleEventId) ?? []), appointmentId]);
  }

  #setTask(task: MemoryTask): void {
    this.data.tasks.set(task.appointmentId, task);
  }

  #candidates(only: readonly string[] | undefined): MemoryTask[] {
    if (!only) return [...this.data.tasks.values()];
    return [...new Set(only)].flatMap((appointmentId) => this.data.tasks.get(appointmentId) ?? []);
  }

  /** The stored task, if `task` is the claim on it. */
  #held(task: ClaimedTask): MemoryTask | null {
    const stored = this.data.tasks.get(task.appointmentId);
    return stored?.claim?.fence === task.fence ? stored : null;
  }
}

function byTime(a: TimePlace, b: TimePlace): number {
  return a.at - b.at || compareCodePoints(a.id, b.id);
}

function isHeld(task: MemoryTask, now: Instant): boolean {
  return task.claim !== null && task.claim.leaseUntil > now;
}

/** A task that was marked while its work was brought to an end: its next round starts afresh. */
function asNew(task: MemoryTask, now: Instant, dueAt: Instant): MemoryTask {
  return { ...task, dueAt, attempts: 0, claims: 0, createdAt: now, claim: null };
}

/** An event's ACTIVE map; among equals the one synced last. */
function isBetterMapOfEvent(map: BookingEventMap, than: BookingEventMap): boolean {
  if (map.status !== than.status) return map.status === 'ACTIVE';
  if (map.lastSyncedAt !== than.lastSyncedAt) return map.lastSyncedAt > than.lastSyncedAt;
  return compareCodePoints(map.uscheduleAppointmentId, than.uscheduleAppointmentId) < 0;
}

function matches(map: BookingEventMap, query: MapQuery): boolean {
  const { status, calendarId, bay, period, withIntent, after } = query;
  return (
    (status === undefined || map.status === status) &&
    (calendarId === undefined || map.googleCalendarId === calendarId) &&
    (bay === undefined || map.base.bay === bay) &&
    (period === undefined || (period.from <= map.base.start && map.base.start < period.to)) &&
    (withIntent === undefined || map.intent !== null) &&
    (after === undefined || compareCodePoints(map.uscheduleAppointmentId, after) > 0)
  );
}

function conflict(method: string, message: string): Result<never, SyncError> {
  return Err({ kind: 'conflict', system: 'store', method, message });
}

function noLongerOurs(method: string, task: ClaimedTask): Result<never, SyncError> {
  return conflict(method, `the task of ${task.appointmentId} is no longer held under fence ${task.fence}`);
}

function recordKey({ kind, id }: EventRecordKey): string {
  return `${kind} ${id}`;
}
