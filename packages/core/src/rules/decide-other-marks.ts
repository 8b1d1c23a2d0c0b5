import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { targetOfBase } from './booking-side.js';
import type { Verdict } from './decision.js';
import { isManaged, type Rules } from './rules.js';
import type { Situation } from './situation.js';
import { act, observe, OBSERVE_BOOKING, quiet } from './verdicts.js';

/**
 * The map's event bears the marks of another appointment (docs/decision-table.md#echoes-and-loops). Both bookings are read
 * before anything is done, and the event is never deleted for this one.
 *
 * @returns null if the marks name this appointment, or none
 */
export function decideOtherMarks(
  situation: Situation,
  event: CalendarEvent,
  map: BookingEventMap,
  rules: Rules,
): Verdict | null {
  const { appointmentId } = event.marks;
  if (event.state === 'gone' || !isManaged(event) || appointmentId === null) return null;
  if (appointmentId === map.uscheduleAppointmentId) return null;
  const { markedFor, booking } = situation;
  if (!booking || booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (markedFor === undefined) return observe('marked-for');
  const isOursDead = booking.booking === null || booking.life === 'dead';
  if (isOursDead && markedFor.existence !== 'gone') {
    const superseded = { ...map, status: 'CANCELED' as const, supersededBy: appointmentId, intent: null };
    return act('booking-cancelled', { do: 'store-map', map: superseded }, `its event is that of ${appointmentId}`);
  }
  if (booking.life !== 'live') return quiet('orphan-unproven', `its event bears the marks of ${appointmentId}`);
  const target = booking.booking && rules.routed(booking.booking);
  if (!target) return null;
  const hasOwnEvent = markedFor.map?.status === 'ACTIVE' && markedFor.map.googleEventId !== map.googleEventId;
  if (markedFor.existence === 'gone' || hasOwnEvent) {
    const { calendarId, eventId, etag: ifMatch, start, end } = event;
    const base = { ...(targetOfBase(map, rules)?.base ?? target.base) };
    const write = {
      calendarId,
      eventId,
      moveTo: null,
      fields: {},
      ifMatch,
      assumed: { start, end },
      base,
      stamp: true as const,
    };
    return act('booking-changed', { do: 'write-event', write }, `its event bore the marks of ${appointmentId}`);
  }
  if (markedFor.existence === 'exists' && !markedFor.map) {
    return act('new-booking', { do: 'create-event', ...target }, `its event is that of ${appointmentId}`);
  }
  return quiet('orphan-unproven', `its event bears the marks of ${appointmentId}`);
}
