import { BOOKING_PORT, CALENDAR_PORT, decoratePort } from '@loft/sync-core/adapters';
import type { BookingSystem, CalendarSystem } from '@loft/sync-core';
import type { CallDecorator } from '@loft/sync-core/adapters';
import { SpanKind } from '@opentelemetry/api';
import type { ChangeTraces } from './change-traces.js';

/** Wraps the booking system: one span for each call. */
export function tracedBookings(bookings: BookingSystem, traces: ChangeTraces): BookingSystem {
  return decoratePort(bookings, BOOKING_PORT, tracedCalls(traces));
}

/** Wraps the calendars: one span for each call. */
export function tracedCalendars(calendars: CalendarSystem, traces: ChangeTraces): CalendarSystem {
  return decoratePort(calendars, CALENDAR_PORT, tracedCalls(traces));
}

function tracedCalls(traces: ChangeTraces): CallDecorator {
  return ({ system, method, target }, send) => traces.call(`${system} ${method}`, SpanKind.CLIENT, target, send);
}
