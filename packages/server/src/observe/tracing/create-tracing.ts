import { context, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { ChangeTraces } from './change-traces.js';
import { traceRequests } from './trace-requests.js';
import { tracedBookings, tracedCalendars } from './traced-systems.js';
import { tracedStore } from './traced-store.js';
import type { Tracing } from './tracing.js';

/** @param flush sends what has been recorded */
export function createTracing(tracer: Tracer, flush: () => Promise<void>): Tracing {
  const traces = new ChangeTraces(tracer);
  return {
    observer: traces,
    middleware: traceRequests(tracer),
    bookings: (bookings) => tracedBookings(bookings, traces),
    calendars: (calendars) => tracedCalendars(calendars, traces),
    store: (store) => tracedStore(store, traces),
    // A timer that is set while a request is answered does not go on with the request's trace when it fires.
    clock: (clock) => ({
      now: () => clock.now(),
      setTimer: (delayMs, callback) => clock.setTimer(delayMs, context.bind(ROOT_CONTEXT, callback)),
    }),
    shutdown: async () => {
      traces.endAll();
      await flush();
    },
  };
}
