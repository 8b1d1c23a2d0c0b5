/**
 * `@loft/sync-core/testing`: in-memory fakes of every port, a virtual clock, and the contract suites that every
 * adapter must pass.
 */
export * from './virtual-clock.js';
export * from './suite-runner.js';
export * from './sync-store-suite.js';
export * from './studio-booking.js';
export * from './studio.js';
export * from './memory-bookings.js';
export * from './calendar-person.js';
export * from './memory-calendars.js';
export * from './calendar-system-suite.js';
export * from './booking-system-suite.js';
