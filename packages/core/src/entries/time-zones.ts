/**
 * Time zones without the engine, for programs that start quickly and only read times.
 *
 * @example
 * ```ts
 * const offsetMs = intlTimeZones().offsetAt(Date.now(), 'America/Phoenix'); // -25200000
 * ```
 * @module @loft/sync-core/time-zones
 */
export { DAY, HOUR, MINUTE, SECOND, type Instant } from '../domain/instant.js';
export { intlTimeZones } from '../time-zones/intl-time-zones.js';
export { timeZonesFrom } from '../time-zones/time-zones-from.js';
