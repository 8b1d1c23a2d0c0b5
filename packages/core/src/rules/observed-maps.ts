import { refOf, type BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import { isSamePlace } from '../domain/task.js';
import { appointmentOfEventId } from './event-marks.js';
import { isOurAccount, type Rules } from './rules.js';
import type { Removals, Situation } from './situation.js';

/** An event with our marks. */
export interface MarkedEvent {
  readonly appointmentId: string;
  readonly end: Instant | null;
  readonly creatorEmail: string | null;
  /** Of the type that mirrors have. */
  readonly isOrdinary: boolean;
}

/**
 * May docs/decision-table.md#row-5 or #row-23 remove the event? By docs/decision-table.md#row-5a, not one of another type or of an impossible
 * appointment, and one of another account only if its appointment has a map (`mapped`).
 */
export function removableWhen(
  event: MarkedEvent,
  situation: Pick<Situation, 'accounts'>,
  rules: Rules,
): 'always' | 'mapped' | 'never' {
  if (!event.isOrdinary || !rules.isAppointmentId(event.appointmentId)) return 'never';
  return isOurAccount(event, situation, rules) ? 'always' : 'mapped';
}

/**
 * Returns the appointments that may have an event of this id in its calendar, although the id leads to a map in another one. After a
 * loss of the store two appointments may have events of one id: an id was used again, and the calendar with the
 * event that had been transferred from it could not be read.
 *
 * @param found the map that the id of the event leads to
 * @param former the appointment whose marks the event had when it was listed before
 */
export function otherOwners(
  event: CalendarEvent,
  found: BookingEventMap | null,
  former: string | null,
): readonly string[] {
  if (found === null || found.googleCalendarId === event.calendarId) return [];
  const ids = new Set([event.marks.appointmentId, former, appointmentOfEventId(event.eventId)]);
  return [...ids].filter((id) => id !== null && id !== found.uscheduleAppointmentId).map(String);
}

/** Does an active map name this event in its calendar? */
export function isMirroredBy(event: CalendarEvent, map: BookingEventMap | null): map is BookingEventMap {
  return map?.status === 'ACTIVE' && isSamePlace(event, refOf(map));
}

/** Returns the number of future mirrors, by bay. */
export function futureMirrors(maps: readonly BookingEventMap[], now: Instant): ReadonlyMap<string, number> {
  const mirrors = new Map<string, number>();
  for (const { base, status } of maps) {
    if (status !== 'ACTIVE' || base.bay === null || base.end <= now) continue;
    mirrors.set(base.bay, (mirrors.get(base.bay) ?? 0) + 1);
  }
  return mirrors;
}

/** Returns the map of another appointment whose time overlaps. Null if there is none. */
export function overlapping(
  maps: readonly BookingEventMap[],
  appointmentId: string,
  { start, end }: { readonly start: Instant; readonly end: Instant },
): BookingEventMap | null {
  const overlaps = ({ uscheduleAppointmentId, base }: BookingEventMap): boolean =>
    uscheduleAppointmentId !== appointmentId && base.start < end && base.end > start;
  return maps.find(overlaps) ?? null;
}

/** Returns the events whose appointment is not among these. */
export function withoutAppointment(events: readonly MarkedEvent[], ids: readonly string[]): readonly MarkedEvent[] {
  const known = new Set(ids);
  return events.filter(({ appointmentId }) => !known.has(appointmentId));
}

/** Returns the ids of the bookings that may be live. */
export function livingIds(bookings: readonly Booking[]): readonly string[] {
  return bookings.filter(({ status }) => status !== 'dead').map(({ appointmentId }) => appointmentId);
}

/**
 * Do the bookings have to be listed to count removals? Only if there are enough events without a map for the guard, or no
 * record was returned for this appointment.
 */
export function mustListBookings({ map, booking }: Situation, unmapped: number, { guards }: Rules): boolean {
  const isRecorded = map !== null || (booking?.booking ?? null) !== null;
  return !isRecorded || unmapped > guards.massChangeMinimum;
}

/**
 * Returns the removals of a calendar.
 *
 * @param marked the future events of the calendar with our marks
 * @param mirrored the ACTIVE maps
 * @param would the number of events that would be removed
 */
export function removalsOf(
  calendarId: string,
  marked: readonly MarkedEvent[],
  mirrored: readonly BookingEventMap[],
  { would, isAccountProven }: Omit<Removals, 'of'>,
  now: Instant,
): Removals {
  const mirrors = mirrored.filter((map) => map.googleCalendarId === calendarId && map.base.end > now);
  return { would, of: Math.max(marked.length, mirrors.length + would), isAccountProven };
}
