import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { MINUTE } from '../domain/instant.js';
import type { BookingSide } from './booking-side.js';
import type { Verdict } from './decision.js';
import { appointmentOfEventId, derivedGeneration } from './event-marks.js';
import { fullWrite } from './event-write.js';
import { isOurAccount } from './our-account.js';
import { isMarkedFor, isActiveEvent, type Rules } from './rules.js';
import type { EventReading, Situation } from './situation.js';
import { act, observe, OBSERVE_BOOKING, quiet } from './verdicts.js';

/** A copy that was made this long before its mirror went replaces it (docs/decision-table.md#row-13a). */
const REPLACES_WITHIN_MS: number = 10 * MINUTE;

/**
 * docs/decision-table.md#row-7 and #row-25: another event than the map's was seen. A copy is recorded and reported.
 * Nothing is removed, but for a double under another id that we derive for this appointment: of these the highest
 * generation in the booking's bay stays.
 */
export function decideOtherEvent(
  situation: Situation,
  reading: EventReading,
  map: BookingEventMap,
  rules: Rules,
): Verdict {
  const { event } = reading;
  const { appointmentId } = situation;
  if (!isMarkedFor(event, appointmentId) || event.state === 'gone') return quiet('not-managed');
  const detail = `event ${event.eventId} of ${event.calendarId} is a copy of ${map.googleEventId}`;
  const generation = derivedGeneration(event.eventId, appointmentId) ?? ofEarlierId(event);
  const isDouble = generation !== null && isOurAccount(event, situation, rules) && isActiveEvent(event);
  if (!isDouble) return act('copy', { do: 'record-copy', copy: event }, detail);
  if (situation.mirror === undefined) return observe('mirror');
  const mirror = situation.mirror.event;
  // A copy that has taken the mirror's place was made by a person: it is no double of ours.
  if (!isActiveEvent(mirror) || !isOurAccount(mirror, situation, rules))
    return act('copy', { do: 'record-copy', copy: event }, detail);
  const home = rules.routing.ofBay(map.base.bay ?? '')?.calendarId ?? map.googleCalendarId;
  const isBetter =
    rank(event, home, generation) > rank(mirror, home, derivedGeneration(mirror.eventId, appointmentId) ?? -1);
  if (!isBetter) return act('copy', { do: 'remove-copy', event, mirrorMap: null }, detail);
  const { calendarId: googleCalendarId, eventId: googleEventId, etag, updatedAt: eventUpdatedAt } = event;
  const mirrorMap = { ...map, googleCalendarId, googleEventId, etag, eventUpdatedAt, intent: null };
  return act(
    'copy',
    { do: 'remove-copy', event: mirror, mirrorMap },
    `event ${mirror.eventId} is a double of ${googleEventId}`,
  );
}

/**
 * docs/decision-table.md#row-25, for a double under the mirror's own id in another bay's calendar: the mirror was read and
 * stands where the map says.
 *
 * @returns null if there is none
 */
export function decideTwin(
  situation: Situation,
  mirror: EventReading,
  { uscheduleAppointmentId, googleCalendarId }: BookingEventMap,
  rules: Rules,
): Verdict | null {
  const twin = situation.twin?.event;
  if (!twin || !mirror.proven || mirror.event.calendarId !== googleCalendarId) return null;
  if (twin.calendarId === googleCalendarId || !isActiveEvent(mirror.event)) return null;
  const areOurs = [mirror.event, twin].every(
    (event) => isMarkedFor(event, uscheduleAppointmentId) && isOurAccount(event, situation, rules),
  );
  if (!areOurs || derivedGeneration(twin.eventId, uscheduleAppointmentId) === null) return null;
  const detail = `event ${twin.eventId} of ${twin.calendarId} is a double of the one of ${googleCalendarId}`;
  return act('copy', { do: 'remove-copy', event: twin, mirrorMap: null }, detail);
}

/** An id that we derived for the appointment before it got its present id: behind every generation of the present one. */
function ofEarlierId({ eventId }: CalendarEvent): number | null {
  return appointmentOfEventId(eventId) === null ? null : -1;
}

function rank(event: CalendarEvent, home: string, generation: number): number {
  return (event.calendarId === home ? 1e6 : 0) + generation;
}

/**
 * docs/decision-table.md#row-13a and #row-13b: the mirror is gone, and other events bear its marks. One that a person
 * made just before is the mirror from now on, and where it is counts as the edit; else one of the copies becomes the
 * mirror and shows the booking.
 *
 * @returns null if there is no copy
 */
export function decideReplacement(
  reading: EventReading,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): Verdict | null {
  const { copies, now } = situation;
  if (copies === undefined) return observe('copies');
  const alive = copies.filter(({ event }) => event.end === null || event.end > now);
  const [only] = alive;
  if (!only) return null;
  if (alive.length === 1 && !side.moved && replaces(only, reading, situation, rules)) {
    const { calendarId, eventId, etag, updatedAt } = only.event;
    const moved = { ...map, googleEventId: eventId, etag: '', eventUpdatedAt: null, intent: null };
    const detail = `event ${eventId} of ${calendarId}, version ${etag} of ${updatedAt ?? 'an unknown time'}`;
    return act('event-replaced', { do: 'note', map: moved, event: only }, detail);
  }
  if (!side.target) return null;
  const { target } = side;
  const inBay = alive.find(({ event }) => event.calendarId === target.bay.calendarId);
  const newest = alive.toSorted((a, b) => (b.event.createdAt ?? 0) - (a.event.createdAt ?? 0))[0] ?? only;
  const { event } = inBay ?? newest;
  const detail = `event ${event.eventId} of ${event.calendarId} takes the place of ${map.googleEventId}`;
  return act('copy-adopted', { do: 'adopt-event', event, write: fullWrite(event, target), base: target.base }, detail);
}

/** Did a person make the copy within the ten minutes before the mirror went? */
function replaces({ event }: EventReading, gone: EventReading, situation: Situation, rules: Rules): boolean {
  if (isOurAccount(event, situation, rules) || event.createdAt === null) return false;
  const goneAt = gone.event.updatedAt ?? gone.at;
  return event.createdAt <= goneAt && goneAt - event.createdAt <= REPLACES_WITHIN_MS;
}

/**
 * docs/decision-table.md#row-23, for a copy: an event that bears the marks of a canceled appointment and shows the same
 * time.
 *
 * @returns null if it is no copy
 */
export function decideCopyOfCanceled(situation: Situation, event: CalendarEvent, map: BookingEventMap): Verdict {
  if (!isMarkedFor(event, situation.appointmentId) || !isActiveEvent(event)) return quiet('not-managed');
  const isSameTime = event.start === map.base.start && event.end === map.base.end;
  if (!isSameTime)
    return act('copy', { do: 'record-copy', copy: event }, 'a copy of a canceled booking, at another time');
  if (!situation.booking || situation.booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (situation.booking.life !== 'dead') return act('copy', { do: 'record-copy', copy: event });
  return act('dead-stays-dead', { do: 'remove-copy', event, mirrorMap: null });
}
