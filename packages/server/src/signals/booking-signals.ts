import { HOUR, type Bay, type BookingEventMap, type Instant } from '@loft/sync-core';
import type { Signal, SignalType } from './signal-types.js';

/** The last announced state of an appointment. */
export interface Heard {
  readonly status: 'ACTIVE' | 'CANCELED';
  readonly start: string;
  readonly end: string;
  readonly bay: string | null;
  readonly customerName: string;
}

/** The booking system's data of an appointment's customer, if read since the start. */
export interface CustomerFacts {
  readonly customerName: string;
  readonly customerId: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/** @returns the state of an appointment as receivers get it */
export function heardOf({ base, status }: BookingEventMap): Heard {
  return {
    status,
    start: new Date(base.start).toISOString(),
    end: new Date(base.end).toISOString(),
    bay: base.bay,
    customerName: base.title,
  };
}

function isSame(a: Heard, b: Heard): boolean {
  if (a.status !== b.status) return false;
  // Two cancelled states are equal, with any other differences.
  if (a.status === 'CANCELED') return true;
  return a.start === b.start && a.end === b.end && a.bay === b.bay && a.customerName === b.customerName;
}

/** Creates the data of a signal about an appointment. */
export function bookingData(
  map: BookingEventMap,
  facts: CustomerFacts | null,
  bays: readonly Pick<Bay, 'bay' | 'name'>[],
): Readonly<Record<string, unknown>> {
  const { status, ...state } = heardOf(map);
  return {
    appointmentId: map.uscheduleAppointmentId,
    status,
    ...state,
    bayName: bays.find(({ bay }) => bay === map.base.bay)?.name ?? null,
    customerId: facts?.customerId ?? null,
    details: facts?.details ?? {},
    source: map.lastSource,
    eventId: map.googleEventId,
    calendarId: map.googleCalendarId,
  };
}

function typeOf(map: BookingEventMap, heard: Heard | null): SignalType | null {
  if (map.supersededBy !== null) return null;
  if (heard === null) return map.status === 'ACTIVE' ? 'booking.mirrored' : null;
  if (isSame(heardOf(map), heard)) return null;
  if (map.status === 'CANCELED') return 'booking.cancelled';
  return heard.status === 'CANCELED' ? 'booking.mirrored' : 'booking.changed';
}

/**
 * Creates the signals of an appointment from its map and its last announced state. The map is authoritative: the next
 * comparison finds a signal that a crash prevented.
 */
export function bookingSignals(
  map: BookingEventMap,
  heard: Heard | null,
  { now, cancellationHours, data }: { now: Instant; cancellationHours: number; data: Signal['data'] },
): readonly Signal[] {
  const type = typeOf(map, heard);
  if (type === null) return [];
  const subject = map.uscheduleAppointmentId;
  const key = `${type}.${subject}.v${map.version}`;
  const before = heard === null ? {} : { previous: { start: heard.start, end: heard.end, bay: heard.bay } };
  const signal: Signal = { key, type, subject, data: { ...data, ...before } };
  const beginsIn = map.base.start - now;
  const isLate = type === 'booking.cancelled' && beginsIn > 0 && beginsIn < cancellationHours * HOUR;
  if (!isLate) return [signal];
  const late = { ...data, minutesBeforeStart: Math.round(beginsIn / 60_000) };
  return [
    signal,
    { key: `session.cancelled-late.${subject}.v${map.version}`, type: 'session.cancelled-late', subject, data: late },
  ];
}

/** Creates the signals of a session's moments between two times. */
export function sessionSignals(
  map: BookingEventMap,
  data: Signal['data'],
  period: { readonly after: Instant; readonly until: Instant; readonly leadMinutes: number },
): readonly Signal[] {
  if (map.status !== 'ACTIVE') return [];
  const subject = map.uscheduleAppointmentId;
  const { start, end } = map.base;
  const lead = start - period.leadMinutes * 60_000;
  const moments: readonly (readonly [SignalType, Instant, Signal['data']])[] = [
    ['session.begins-soon', lead, { ...data, minutes: period.leadMinutes }],
    ['session.begins', start, data],
    ['session.ends', end, data],
  ];
  return moments
    .filter(([, at]) => at > period.after && at <= period.until)
    .map(([type, at, moment]) => ({ key: `${type}.${subject}.${at}`, type, subject, data: moment }));
}
