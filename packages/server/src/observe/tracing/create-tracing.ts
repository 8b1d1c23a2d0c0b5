import { context, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { ChangeTraces } from './change-traces.js';
import { traceRequests } from './trace-requests.js';
import { tracedBookings, tracedCalendars } from './traced-systems.js';
import { tracedStore } from './traced-store.js';
import type { Tracing } from './tracing.js';

/** @param flush exports the recorded spans */
export function createTracing(tracer: Tracer, flush: () => Promise<void>): Tracing {
  const traces = new ChangeTraces(tracer);
  return {
    observer: traces,
    middleware: traceRequests(tracer),
    bookings: (bookings) => tracedBookings(bookings, traces),
    calendars: (calendars) => tracedCalendars(calendars, traces),
    store: (store) => tracedStore(store, traces),
    // A timer that is set during a request does not inherit the request's trace.
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
