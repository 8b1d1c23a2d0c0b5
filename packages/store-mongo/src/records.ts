import type { BookingEventMap, DeadLetter, Instant } from '@loft/sync-core';
import type {
  ClaimedTask,
  FeedState,
  JournalEntry,
  Lease,
  LivenessRecord,
  EventRecord,
  OutgoingSignal,
  WatchChannel,
} from '@loft/sync-core/store';
import type { Collection, Db, ObjectId } from 'mongodb';

/** A document: the record with its key as `_id`. */
export type Stored<T> = T & { readonly _id: string };

/** The stored form of a task. */
export interface TaskRecord extends Omit<ClaimedTask, 'owner'> {
  readonly dueAt: Instant;
  /** null if no worker holds the task. */
  readonly owner: string | null;
  /** 0 if no worker holds the task, so that one comparison finds free tasks. */
  readonly leaseUntil: Instant;
  /** Fencing number of the last claim, also after it has ended; 0 before the first claim. */
  readonly fence: number;
  /** Distinguishes a task from a later task of the same appointment. */
  readonly incarnation: ObjectId;
}

/** The stored form of a dead letter. The payload is JSON text, because its field names are arbitrary. */
export interface DeadLetterRecord extends Omit<DeadLetter, 'error'> {
  readonly error: Omit<DeadLetter['error'], 'payload'> & { readonly payload?: string };
}

/** A number that only increases: `fence`, the last fencing number; `schema`, the version of the documents; `ping`. */
export interface Counter {
  readonly value: number;
}

/** The collections of one store. */
export interface Collections {
  readonly maps: Collection<Stored<BookingEventMap>>;
  readonly tasks: Collection<Stored<TaskRecord>>;
  readonly deadLetters: Collection<Stored<DeadLetterRecord>>;
  readonly feedStates: Collection<Stored<FeedState>>;
  readonly leases: Collection<Stored<Lease>>;
  readonly channels: Collection<Stored<WatchChannel>>;
  readonly liveness: Collection<Stored<LivenessRecord>>;
  readonly journal: Collection<Stored<JournalEntry>>;
  readonly signals: Collection<Stored<OutgoingSignal>>;
  readonly eventRecords: Collection<Stored<EventRecord>>;
  readonly counters: Collection<Stored<Counter>>;
}

export function collectionsOf(database: Db): Collections {
  return {
    maps: database.collection('bookingEventMaps'),
    tasks: database.collection('tasks'),
    deadLetters: database.collection('deadLetters'),
    feedStates: database.collection('feedStates'),
    leases: database.collection('leases'),
    channels: database.collection('watchChannels'),
    liveness: database.collection('liveness'),
    journal: database.collection('journal'),
    signals: database.collection('signals'),
    eventRecords: database.collection('eventRecords'),
    counters: database.collection('counters'),
  };
}

/** @returns the record without its `_id` */
export function withoutKey<T>({ _id, ...record }: Stored<T>): Omit<Stored<T>, '_id'> {
  return record;
}
