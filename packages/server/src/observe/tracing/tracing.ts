import type { BookingSystem, CalendarSystem, Clock, SyncObserver } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { Middleware } from 'koa';

/**
 * Traces of what the service does, as the rest of the service sees them: ports that are seen through, an observer of
 * the engine, and a middleware. OpenTelemetry itself is loaded only where traces are asked for: `start-tracing.ts`.
 */
export interface Tracing {
  readonly observer: SyncObserver;
  readonly middleware: Middleware;
  readonly bookings: (bookings: BookingSystem) => BookingSystem;
  readonly calendars: (calendars: CalendarSystem) => CalendarSystem;
  readonly store: (store: SyncStore) => SyncStore;
  readonly clock: (clock: Clock) => Clock;
  /** Ends what is open and sends what is not yet sent. Never fails: a collector that is away is no fault of ours. */
  shutdown(): Promise<void>;
}
