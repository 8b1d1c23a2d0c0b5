import type { BookingSystem, CalendarSystem, Clock, SyncObserver } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Middleware } from 'koa';

/**
 * Traces of the service: instrumented ports, an observer of the engine, and a middleware. OpenTelemetry itself is
 * loaded only if traces are on: `start-tracing.ts`.
 */
export interface Tracing {
  readonly observer: SyncObserver;
  readonly middleware: Middleware;
  readonly bookings: (bookings: BookingSystem) => BookingSystem;
  readonly calendars: (calendars: CalendarSystem) => CalendarSystem;
  readonly store: (store: SyncStore) => SyncStore;
  readonly clock: (clock: Clock) => Clock;
  /** Ends open spans and exports the remaining ones. Never fails, even if the collector cannot be reached. */
  shutdown(): Promise<void>;
}
