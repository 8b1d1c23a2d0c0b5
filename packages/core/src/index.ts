/**
 * Exports the engine, its settings and its ports for programs that embed the engine. Calls that may fail return a `Result`
 * of ts-results; nothing throws. This package is ESM only.
 *
 * Details are in separate entries: `@loft/sync-core/adapters` and `@loft/sync-core/store` for authors of adapters
 * and stores, `@loft/sync-core/reports` for the events of the engine, `@loft/sync-core/rules` for its decisions,
 * `@loft/sync-core/testing` for fakes and contract suites.
 *
 * @example
 * ```ts
 * const settings = completeSettings({ timeZone: 'America/Phoenix', bays });
 * const made = createSyncEngine({ bookings, calendars, store: new MemoryStore(), clock: systemClock(), settings });
 * if (made.err) console.error(made.val.map(({ where, problem }) => `${where} ${problem}`).join('\n'));
 * else await made.val.start();
 * ```
 * @module @loft/sync-core
 */
export { createSyncEngine } from './engine/create-sync-engine.js';
export type { SyncEngineOptions, PushOptions } from './engine/engine-options.js';
export {
  completeSettings,
  checkSettings,
  type PartialSyncSettings,
  type SettingsFault,
} from './rules/check-settings.js';
export { type SyncSettings, DEFAULT_SETTINGS } from './rules/settings.js';
export type { Bay } from './domain/bay.js';
export { MemoryStore } from './store/memory-store.js';
export { systemClock } from './clock/system-clock.js';
export { intlTimeZones } from './time-zones/intl-time-zones.js';
export type { SyncEngine, TickReport, NotificationOutcome, Readiness, EngineStatus } from './engine/sync-engine.js';
export { type Result, Ok, Err } from './result.js';
export type { SyncError, SyncErrorKind } from './domain/sync-error.js';
export type { SyncObserver } from './ports/sync-observer.js';
export type { SyncEvent } from './domain/sync-event.js';
export { type Instant, type Period, SECOND, MINUTE, HOUR, DAY } from './domain/instant.js';
export type { BookingSystem } from './ports/booking-system.js';
export type { CalendarSystem } from './ports/calendar-system.js';
export type { Clock } from './ports/clock.js';
export type { TimeZones } from './ports/time-zones.js';
export type { Booking } from './domain/booking.js';
export type { CalendarEvent } from './domain/calendar-event.js';
export type { BookingEventMap } from './domain/booking-event-map.js';
export type { ChannelNotification } from './domain/watch-channel.js';
export type { DeadLetter } from './domain/task.js';
export type { HeldCheckout } from './engine/sources/booking-findings.js';
export type { HeldEdit, EditDecision } from './engine/held-edits.js';
export type { EventCopy, RemovedCopies } from './engine/copies.js';
export type { UndoOutcome, UndoRequest } from './engine/undo-change.js';
