import type { CallEvent } from '../../domain/sync-event.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { Clock } from '../../ports/clock.js';
import { decoratePort, type CallDecorator } from '../../ports/decorate-port.js';
import { BOOKING_PORT, CALENDAR_PORT, STORE_PORT } from '../../ports/port-methods.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { breakerCalls, type IsClosed } from './breaker-calls.js';
import { claimedMethods } from './claimed-methods.js';
import { calendarNotShared } from './calendar-not-shared.js';
import type { Circuits } from './circuit-breakers.js';
import { guardedCalls } from './guarded-calls.js';
import { instrumentedCalls } from './instrumented-calls.js';

/** The shared state of the decorators of the engine's ports. */
export interface PortDecoration {
  readonly clock: Clock;
  readonly emit: (event: CallEvent) => void;
  readonly circuits: Circuits;
  /** Does a calendar belong to no bay of the settings? */
  readonly isClosed?: IsClosed;
  /** Maximum duration of a call, in milliseconds. */
  readonly settlesWithinMs: number;
}

/** Decorates the booking system with circuit breakers and measurement. */
export function engineBookings(
  bookings: BookingSystem,
  { circuits, isClosed: _calendars, ...shared }: PortDecoration,
): BookingSystem {
  return decoratePort(
    claimedMethods('bookings', bookings),
    BOOKING_PORT,
    breakerCalls(shared.clock, circuits),
    ...measured(shared),
  );
}

/** Decorates the calendars with circuit breakers and measurement. */
export function engineCalendars(
  calendars: CalendarSystem,
  { circuits, isClosed, ...shared }: PortDecoration,
): CalendarSystem {
  const [instrumented, guarded] = measured(shared);
  const breakers = breakerCalls(shared.clock, circuits, isClosed);
  return decoratePort(
    claimedMethods('calendars', calendars),
    CALENDAR_PORT,
    breakers,
    instrumented,
    calendarNotShared,
    guarded,
  );
}

/** Decorates the store with measurement. */
export function engineStore(store: SyncStore, shared: Omit<PortDecoration, 'circuits'>): SyncStore {
  return decoratePort(claimedMethods('store', store), STORE_PORT, ...measured(shared));
}

function measured({ clock, emit, settlesWithinMs }: Omit<PortDecoration, 'circuits'>): [CallDecorator, CallDecorator] {
  return [instrumentedCalls(clock, emit), guardedCalls(clock, settlesWithinMs)];
}
