import type { Routing } from '../../rules/rules.js';
import type { CallEvent } from '../../domain/sync-event.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { unclaimedMethods, type PortKind } from '../../ports/capabilities.js';
import type { Clock } from '../../ports/clock.js';
import { decoratePort, type CallDecorator, type DecoratedCall, wrapPort } from '../../ports/decorate-port.js';
import { BOOKING_PORT, CALENDAR_PORT, STORE_PORT } from '../../ports/port-methods.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Err } from '../../result.js';
import type { Circuits, CircuitCall } from './circuit-breakers.js';
import { guardedCalls } from './guarded-calls.js';

/** The shared state of the decorators of the engine's ports. */
export interface PortDecoration {
  readonly clock: Clock;
  readonly emit: (event: CallEvent) => void;
  readonly circuits: Circuits;
  /** The bays of the settings: the failures of other calendars say nothing about the system. */
  readonly routing?: Pick<Routing, 'ofCalendar'>;
  /** Maximum duration of a call, in milliseconds. */
  readonly settlesWithinMs: number;
}

/** Decorates the booking system with circuit breakers and measurement. */
export function engineBookings(
  bookings: BookingSystem,
  { circuits, routing: _calendars, ...shared }: PortDecoration,
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
  { circuits, routing, ...shared }: PortDecoration,
): CalendarSystem {
  const [instrumented, guarded] = measured(shared);
  const breakers = breakerCalls(shared.clock, circuits, routing);
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

/** Turns "not found" into `forbidden` for a call without an event: the calendar is unknown or not shared with us. */
const calendarNotShared: CallDecorator = async ({ notFoundMeansCalendar }, send) => {
  const answer = await send();
  if (answer.ok || answer.val.kind !== 'not-found' || !notFoundMeansCalendar) return answer;
  const message = `the calendar is unknown or not shared with us (${answer.val.message})`;
  return Err({ ...answer.val, kind: 'forbidden', message });
};

/**
 * Returns the port without the methods of capabilities that it does not claim. So the engine can call every method that is
 * present, and an absent one means that the port does not support it.
 */
function claimedMethods<P extends object>(kind: PortKind, port: P): P {
  const hidden = new Set(unclaimedMethods(kind, port));
  if (hidden.size === 0) return port;
  return wrapPort(port, (name, original) => (typeof name === 'string' && hidden.has(name) ? undefined : original()));
}

/** Measures each call that is sent, and emits one `call` event for it. */
function instrumentedCalls(clock: Clock, emit: (event: CallEvent) => void): CallDecorator {
  return async ({ system, method }, send) => {
    const startedAt = clock.now();
    const answer = await send();
    const at = clock.now();
    const error = answer.err ? answer.val : null;
    emit({ type: 'call', at, system, method, outcome: error?.kind ?? 'ok', durationMs: at - startedAt, error });
    return answer;
  };
}

/** Answers a call with the error of an open circuit instead of sending it, and reports sent calls to the circuits. */
function breakerCalls(clock: Clock, circuits: Circuits, routing?: Pick<Routing, 'ofCalendar'>): CallDecorator {
  return async (call, send) => {
    const about = circuitCallOf(call, routing);
    const refusal = circuits.check(about);
    if (refusal) return Err(refusal);
    const sentAt = clock.now();
    const answer = await send();
    const error = circuits.learn(about, answer.err ? answer.val : null, sentAt);
    const isWritable = call.method === 'listEvents' && answer.ok ? writableIn(answer.val) : undefined;
    if (isWritable !== undefined && about.calendarId !== null) circuits.noteWritable(about.calendarId, isWritable);
    return error ? Err(error) : answer;
  };
}

/** Returns the subject of a call for the circuits. A move belongs to its target calendar, or to a closed one that it leaves. */
function circuitCallOf(
  { system, method, effect, target }: DecoratedCall,
  routing?: Pick<Routing, 'ofCalendar'>,
): CircuitCall {
  const isClosed = target.calendarId !== undefined && routing?.ofCalendar(target.calendarId) === null;
  const calendarId = (isClosed ? null : target.toCalendarId) ?? target.calendarId ?? null;
  const writes = effect === 'write';
  if (effect === 'channel') {
    return { system, calendarId, writes: false, watches: true, target: `${method} ${calendarId}` };
  }
  const subject = target.eventId ?? target.appointmentId ?? target.calendarId ?? method;
  return { system, calendarId, writes: writes && calendarId !== null, target: subject, isClosed };
}

/** Returns whether the page of a list says that we may write to the calendar; undefined if it does not say that. */
function writableIn(page: unknown): boolean | undefined {
  const says = typeof page === 'object' && page !== null && 'writable' in page ? page.writable : undefined;
  return typeof says === 'boolean' ? says : undefined;
}
