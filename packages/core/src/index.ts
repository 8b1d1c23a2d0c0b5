/**
 * The rules and the engine, behind ports. `Result`, `Ok` and `Err` are those of ts-results: what may fail answers a
 * `Result`, and nothing throws.
 * @module @loft/sync-core
 */
export * from './result.js';
export * from './domain/bay.js';
export * from './domain/booking.js';
export * from './domain/booking-event-map.js';
export * from './domain/calendar-event.js';
export * from './domain/content.js';
export * from './domain/event-record.js';
export * from './domain/feed-state.js';
export * from './domain/instant.js';
export * from './domain/journal-entry.js';
export * from './domain/slot.js';
export * from './domain/liveness-record.js';
export * from './domain/outgoing-signal.js';
export * from './domain/sync-error.js';
export * from './domain/sync-event.js';
export * from './domain/task.js';
export * from './domain/watch-channel.js';
export * from './domain/wall-time.js';
export * from './domain/zoned-time.js';
export * from './ports/booking-system.js';
export * from './ports/calendar-system.js';
export * from './ports/clock.js';
export * from './ports/decorate-port.js';
export * from './ports/port-methods.js';
export * from './ports/sync-observer.js';
export * from './ports/sync-store.js';
export * from './ports/time-zones.js';
export * from './rules/decision.js';
export {
  cutText,
  DESCRIPTION_LIMIT,
  DETAIL_FIELDS,
  plainText,
  TEMPLATE_FIELDS,
  TITLE_LIMIT,
  unknownTemplateFields,
  type EventTemplates,
  type TemplateField,
} from './rules/event-text.js';
export * from './rules/settings.js';
export * from './rules/check-settings.js';
export * from './clock/system-clock.js';
export * from './engine/sync-engine.js';
export type { EditDecision, HeldEdit } from './engine/held-edits.js';
export type { UndoOutcome, UndoRequest } from './engine/undo-change.js';
export type { EventCopy, RemovedCopies } from './engine/copies.js';
export * from './engine/create-sync-engine.js';
export * from './engine/engine-options.js';
export * from './journal/journal.js';
export type { PlanEntry } from './plan/plan-entry.js';
export * from './plan/plan-sync.js';
export * from './store/memory-data.js';
export * from './store/memory-store.js';
export * from './time-zones/intl-time-zones.js';
export * from './time-zones/time-zones-from.js';
