/**
 * Google Calendar behind the core's `CalendarSystem` port.
 *
 * @example
 * ```ts
 * const credentials = { kind: 'key', json: keyText } as const;
 * const calendars = createGoogleCalendarSystem({ credentials, timeZone: 'America/Phoenix' });
 * ```
 * @module @loft/sync-google
 */
export { createGoogleCalendarSystem } from './google-calendar-system.js';
export {
  CALENDAR_EVENTS_SCOPE,
  DEFAULT_CALL_TIMEOUT_MS,
  type GoogleCalendarOptions,
  type GoogleCredentials,
} from './google-calendar-options.js';
export { createGoogleAccessCheck, type CalendarAccess, type GoogleAccessCheck } from './access/google-access-check.js';
export type { TokenInfo } from './access/token-info.js';
export { readServiceAccountKey, type ServiceAccountKey } from './auth/service-account-key.js';
