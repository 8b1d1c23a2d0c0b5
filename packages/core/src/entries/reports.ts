/**
 * Exports the reports of the engine: the kinds of `SyncEvent`, the parts of a status, the journal of events, and the
 * plan of the next sync.
 *
 * @example
 * ```ts
 * const failed = (event: SyncEvent): event is ActionEvent => event.type === 'action' && event.outcome === 'dead-letter';
 * const journal = new Journal({ store, clock });
 * ```
 * @module @loft/sync-core/reports
 */
export type {
  ActionEvent,
  CallEvent,
  ChannelEvent,
  DecisionEvent,
  FeedEvent,
  NoticeEvent,
  SyncAction,
  SyncDirection,
  TaskEvent,
} from '../domain/sync-event.js';
export type { ChannelStatus, FeedStatus, OpenCircuit } from '../engine/sync-engine.js';
export { Journal, type JournalOptions } from '../journal/journal.js';
export { planSync, type PlanOptions, type SyncPlan } from '../plan/plan-sync.js';
export type { PlanEntry } from '../plan/plan-entry.js';
