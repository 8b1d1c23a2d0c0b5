/**
 * In-memory fakes of every port, a virtual clock, the contract suites that every adapter must pass, and the simulation
 * of the whole engine.
 *
 * @example
 * ```ts
 * describe('my calendars', () => calendarSystemSuite({ describe, it }, { create: async () => harnessOfMyCalendars() }));
 * ```
 * @module @loft/sync-core/testing
 */
export * from './virtual-clock.js';
export * from './suite-runner.js';
export * from './maybe-async.js';
export * from './sync-store-suite.js';
export * from './studio-booking.js';
export * from './studio.js';
export * from './studio-rules.js';
export type { StudioSlot } from './studio-records.js';
export * from './memory-bookings.js';
export * from './calendar-person.js';
export * from './memory-calendars.js';
export * from './calendar-system-suite.js';
export * from './booking-system-suite.js';
export * from './simulation/simulation-options.js';
export * from './simulation/run-simulation.js';
export * from './simulation/episodes.js';
export * from './simulation/shrink-simulation.js';
