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

/** A document: the record itself, under its own key. */
export type Stored<T> = T & { readonly _id: string };

/** A task as it is stored. */
export interface TaskRecord extends Omit<ClaimedTask, 'owner'> {
  readonly dueAt: Instant;
  /** null while nobody holds it. */
  readonly owner: string | null;
  /** 0 while nobody holds it, so that one comparison tells what is free. */
  readonly leaseUntil: Instant;
  /** Of the last claim, also when that is over; 0 before the first. */
  readonly fence: number;
  /** Tells a task from a later one of the same appointment. */
  readonly incarnation: ObjectId;
}

/** A dead letter as it is stored: the payload as JSON, since its field names are anybody's. */
export interface DeadLetterRecord extends Omit<DeadLetter, 'error'> {
  readonly error: Omit<DeadLetter['error'], 'payload'> & { readonly payload?: string };
}

/** A number that only rises: `fence`, the last fencing number given; `schema`, the version of the documents; `ping`. */
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

/** The record as the domain knows it. */
export function withoutKey<T>({ _id, ...record }: Stored<T>): Omit<Stored<T>, '_id'> {
  return record;
}
