import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Instant } from '../domain/instant.js';
import { compareContent } from '../domain/content.js';
import type { Target } from './event-write.js';
import type { Rules } from './rules.js';
import type { BookingReading, Situation } from './situation.js';

/** The booking's requested state of the event, compared with the base. A `null` target: its unit has no route. */
export interface BookingSide {
  readonly reading: BookingReading;
  readonly target: Target | null;
  /** Time or calendar differs from the base. */
  readonly moved: boolean;
  readonly textChanged: boolean;
  /** Only the bay's short name differs, because the bay was renamed in the settings. */
  readonly renamed: boolean;
}

export function bookingSide(reading: BookingReading, map: BookingEventMap, rules: Rules): BookingSide {
  if (reading.booking === null || reading.status === 'dead') {
    return { reading: { ...reading, status: 'dead' }, target: null, moved: true, textChanged: false, renamed: false };
  }
  const target = rules.routed(reading.booking);
  if (!target) return { reading, target, moved: true, textChanged: false, renamed: false };
  const difference = compareContent(map.base, target.base);
  const isElsewhere = target.bay.calendarId !== map.googleCalendarId;
  return {
    reading,
    target,
    moved: difference.time || isElsewhere,
    textChanged: difference.text,
    renamed: difference.bay && !isElsewhere,
  };
}

/** Does the booking require a change of the event? This is the only comparison of a booking with its map. */
export function differs({ moved, textChanged, renamed }: BookingSide): boolean {
  return moved || textChanged || renamed;
}

/** Returns the booking as we last wrote it. Null if its bay was removed from the settings. */
export function targetOfBase(map: BookingEventMap, rules: Rules): Target | null {
  const bay = rules.routing.ofCalendar(map.googleCalendarId);
  return bay && { bay, base: { ...map.base, bay: bay.bay } };
}

/** Has the visit ended, according to the last reading of the booking? */
export function isOver({ booking, now }: Situation, { base }: BookingEventMap): boolean {
  const end = booking?.booking && booking.status !== 'dead' ? booking.booking.end : base.end;
  return end <= now;
}

/** Returns the end of the echo window. An earlier reading of the booking may show its state before our own write. */
export function echoWindowEnd({ bookingWrittenAt }: BookingEventMap, { echoWindowMs }: Rules): Instant {
  return bookingWrittenAt === null ? -Infinity : bookingWrittenAt + echoWindowMs;
}
