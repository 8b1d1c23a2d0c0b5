/**
 * Exports for authors of a `BookingSystem` or a `CalendarSystem` besides the interface: the data of their methods,
 * wall times, the limits of texts, and the tables of port methods with which a port can be decorated.
 *
 * @example
 * ```ts
 * const start = fromWallTime({ year: 2026, month: 5, day: 8, hour: 18 }, 'America/Phoenix', intlTimeZones());
 * const title = cutText(plainText(name), TITLE_LIMIT);
 * ```
 * @module @loft/sync-core/adapters
 */
export { isSameUnit, type UnitId } from '../domain/bay.js';
export type { BookingCapabilities, CalendarCapabilities } from '../ports/capabilities.js';
export type { BookingSlot, BookRequest } from '../ports/booking-system.js';
export {
  OPTIONAL_FIELDS,
  type BookingList,
  type BookingStatus,
  type BookingTerms,
  type OptionalField,
  type PrepaidCredit,
  type MissingKind,
  type UnreadableBooking,
} from '../domain/booking.js';
export type { StatusTrust } from '../rules/settings.js';
export type { ListCursor, WatchGrant, WatchRequest } from '../ports/calendar-system.js';
export {
  NO_MARKS,
  tombstone,
  type EventDraft,
  type EventMarks,
  type EventPage,
  type EventPatch,
  type EventShape,
  type WrittenMarks,
} from '../domain/calendar-event.js';
export { cutText, DESCRIPTION_LIMIT, plainText, TITLE_LIMIT } from '../rules/event-text.js';
export { RETRY_AFTER_LIMIT_MS, type SyncSystem } from '../domain/sync-error.js';
export { wallAsUtc, wallOfUtc, type WallTime } from '../domain/zoned-time.js';
export { fromWallTime, isNamedByWallTime, startOfDay, toWallTime, type Overlap } from '../domain/zoned-time.js';
export type { IntlNames } from '../time-zones/intl-time-zones.js';
export { timeZonesFrom, type OffsetSource } from '../time-zones/time-zones-from.js';
export type { CancelTimer } from '../ports/clock.js';
export { decoratePort, type CallAnswer, type CallDecorator, type DecoratedCall } from '../ports/decorate-port.js';
export { wrapPort } from '../ports/decorate-port.js';
export { guardedCalls } from '../engine/ports/guarded-calls.js';
export { thrownText } from '../domain/sync-error.js';
export {
  BOOKING_PORT,
  CALENDAR_PORT,
  STORE_PORT,
  type CallEffect,
  type CallTarget,
  type PortDescription,
  type PortMethod,
  type PortMethodName,
  type PortMethods,
} from '../ports/port-methods.js';
