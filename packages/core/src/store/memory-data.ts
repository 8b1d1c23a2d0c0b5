import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { FeedState } from '../domain/feed-state.js';
import type { Instant } from '../domain/instant.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { EventRecord } from '../domain/event-record.js';
import type { OutgoingSignal } from '../domain/outgoing-signal.js';
import type { DeadLetter, EventRef, Trigger } from '../domain/task.js';
import type { WatchChannel } from '../domain/watch-channel.js';
import type { Lease } from '../ports/sync-store.js';

/** A task in the memory store. */
export interface MemoryTask {
  readonly appointmentId: string;
  readonly dueAt: Instant;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly mark: number;
  readonly attempts: number;
  readonly claims: number;
  readonly createdAt: Instant;
  /** The claim. Null if the task is not claimed. */
  readonly claim: { readonly owner: string; readonly fence: number; readonly leaseUntil: Instant } | null;
}

/**
 * The data of a memory store. It is separate from the store, so that several stores (the replicas of a simulation, or
 * consecutive processes) can work on the same data.
 */
export class MemoryData {
  readonly maps: Map<string, BookingEventMap> = new Map();
  /** Appointment ids by event id: the index of `findMapByEvent`. */
  readonly appointmentsByEvent: Map<string, readonly string[]> = new Map();
  readonly tasks: Map<string, MemoryTask> = new Map();
  readonly deadLetters: Map<string, DeadLetter> = new Map();
  readonly feedStates: Map<string, FeedState> = new Map();
  readonly leases: Map<string, Lease> = new Map();
  readonly channels: Map<string, WatchChannel> = new Map();
  readonly liveness: Map<string, LivenessRecord> = new Map();
  /** By id. */
  readonly journal: Map<string, JournalEntry> = new Map();
  readonly signals: Map<string, OutgoingSignal> = new Map();
  /** By kind and id. */
  readonly eventRecords: Map<string, EventRecord> = new Map();
  /** The highest fencing number so far. */
  lastFence = 0;
}
