/**
 * USchedule behind the core's `BookingSystem` port.
 *
 * @example
 * ```ts
 * const login = { kind: 'password', username, password } as const;
 * const bookings = createUScheduleBookingSystem({ baseUrl, alias, applicationKey, login, timeZone: 'America/Phoenix' });
 * ```
 * @module @loft/sync-uschedule
 */
export { createUScheduleBookingSystem } from './create-uschedule-booking-system.js';
export type { UScheduleBookingSystem } from './uschedule-booking-system.js';
export type { UScheduleLogin, UScheduleOptions } from './uschedule-options.js';
export type { ResourceUnit } from './resource-unit.js';
