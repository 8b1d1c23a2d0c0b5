/**
 * Exports `SyncStore`, the port of the stored state, with the types of its records and queries.
 *
 * @example
 * ```ts
 * async listMaps({ status, after }: MapQuery): StoreResult<readonly BookingEventMap[]> { … }
 * ```
 * @module @loft/sync-core/store
 */
export type { StoreCapabilities } from '../ports/capabilities.js';
export { hasJournal } from '../ports/sync-store.js';
export type {
  ActivityQuery,
  ClaimRequest,
  EventRecordQuery,
  Lease,
  MapQuery,
  SignalQuery,
  StoreResult,
  SyncStore,
  TaskCounts,
  TimePlace,
} from '../ports/sync-store.js';
export {
  INTENT_KINDS,
  type IntentKind,
  type MirrorFlags,
  type SyncIntent,
  type SyncSource,
} from '../domain/booking-event-map.js';
export type { Content } from '../domain/content.js';
export type { ClaimedTask, EventRef, NewTask, Trigger } from '../domain/task.js';
export {
  BOOKING_FEED,
  calendarFeedName,
  stopVersion,
  type FeedState,
  type FeedStop,
  type StopItem,
} from '../domain/feed-state.js';
export type { WatchChannel } from '../domain/watch-channel.js';
export type { LivenessRecord } from '../domain/liveness-record.js';
export type { CopyRecord, EditRecord, EventRecord, EventRecordKey } from '../domain/event-record.js';
export type { JournalEntry, JournalError } from '../domain/journal-entry.js';
export type { OutgoingSignal, SignalState } from '../domain/outgoing-signal.js';
export type { Slot } from '../domain/content.js';
export type { MemoryStoreOptions } from '../store/memory-store.js';
export { MemoryData, type MemoryTask } from '../store/memory-data.js';
export { compareCodePoints } from '../store/code-point-order.js';
