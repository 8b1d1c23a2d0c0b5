import type { BookingSystem, CalendarSystem, Result, SyncError } from '@loft/sync-core';
import { BOOKING_FEED } from '@loft/sync-core';
import { SpanKind } from '@opentelemetry/api';
import type { CallTarget, ChangeTraces } from './change-traces.js';

type Call = (...args: readonly unknown[]) => Promise<Result<unknown, SyncError>>;
type Describe = (...args: readonly unknown[]) => CallTarget;

/** A port whose named methods are traced; the others go straight through. */
function tracedPort<T extends object>(
  port: T,
  system: string,
  targets: Readonly<Record<string, Describe>>,
  traces: ChangeTraces,
): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof name !== 'string' || typeof member !== 'function') return member;
      const describe = Object.hasOwn(targets, name) ? targets[name] : undefined;
      const send = (...args: readonly unknown[]): ReturnType<Call> =>
        Reflect.apply(member, target, args) as ReturnType<Call>;
      if (!describe) return send;
      const call: Call = (...args) =>
        traces.call(`${system} ${name}`, SpanKind.CLIENT, describe(...args), () => send(...args));
      return call;
    },
  });
}

function textAt(value: unknown, key: string): string | null {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null;
  return typeof member === 'string' ? member : null;
}

const ofAppointment: Describe = (appointmentId) => ({ appointmentId: String(appointmentId) });

export function tracedBookings(bookings: BookingSystem, traces: ChangeTraces): BookingSystem {
  const targets: Readonly<Record<keyof BookingSystem, Describe>> = {
    listBookings: () => ({ feed: BOOKING_FEED }),
    getBooking: ofAppointment,
    listFreeSlots: () => ({}),
    cancelBooking: ofAppointment,
    rescheduleBooking: ofAppointment,
    book: () => ({}),
  };
  return tracedPort(bookings, 'uschedule', targets, traces);
}

const ofEvent: Describe = (calendarId, eventId) => ({ calendarId: String(calendarId), eventId: String(eventId) });

/** A draft and a patch name the appointment. */
const ofWrite: Describe = (calendarId, eventId, fields) => {
  const appointmentId = textAt(fields, 'appointmentId');
  return { ...ofEvent(calendarId, eventId), ...(appointmentId !== null && { appointmentId }) };
};

const ofCalendar: Describe = (about) => {
  const calendarId = typeof about === 'string' ? about : textAt(about, 'calendarId');
  return calendarId === null ? {} : { calendarId };
};

export function tracedCalendars(calendars: CalendarSystem, traces: ChangeTraces): CalendarSystem {
  const targets: Readonly<Record<Exclude<keyof CalendarSystem, 'listParameters'>, Describe>> = {
    listEvents: (calendarId) => ({ calendarId: String(calendarId), feed: `calendar:${String(calendarId)}` }),
    getEvent: ofEvent,
    insertEvent: ofWrite,
    patchEvent: ofWrite,
    deleteEvent: ofEvent,
    moveEvent: ofEvent,
    watch: ofCalendar,
    stopChannel: () => ({}),
  };
  return tracedPort(calendars, 'google', targets, traces);
}
