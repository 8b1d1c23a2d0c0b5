/**
 * A Google Calendar on loopback, for tests, the sandbox and trying things out.
 *
 * @example
 * ```ts
 * const google = await startGoogleSimulator({ calendars: ['bay-1@calendar.example'] });
 * const credentials = { kind: 'key', json: google.serviceAccountKey() } as const;
 * const calendars = createGoogleCalendarSystem({ rootUrl: google.rootUrl, credentials, timeZone: 'America/Phoenix' });
 * await google.close();
 * ```
 * @module @loft/sync-google/simulator
 */
export { startGoogleSimulator, type GooglePerson, type GoogleSimulator } from './google-simulator.js';
export type { SimulatedCalendar, SimulatorOptions } from './simulator-options.js';
export type { AccessRole } from './calendar-directory.js';
export type { HeldRead } from './calendar-events.js';
export type { GoogleMethod, LoggedCall } from './call-log.js';
export type { Channel } from './channel.js';
export type { EventResource } from './event-resource.js';
export type { Fault, FaultEffect, FaultMatch } from './faults.js';
export type { JsonObject, JsonValue } from './json.js';
export type { ResourceState, SentNotification } from './notifier.js';
export type { Quota } from './quota.js';
export type { TombstoneStyle } from './stored-event.js';
export type { ZoneOffset } from './zone-times.js';
