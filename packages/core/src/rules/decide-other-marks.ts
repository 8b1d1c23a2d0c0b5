import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { targetOfBase } from './booking-side.js';
import { act, observe, OBSERVE_BOOKING, quiet, type Verdict } from './decision.js';
import { isMarkedForOther, type Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * The map's event has the marks of another appointment (docs/decision-table.md#echoes-and-loops). Both bookings are read
 * first. The event is deleted for this booking only if the other booking was read and is dead too.
 *
 * @returns null if the marks name this appointment, or none; or if the other appointment has no claim to the event
 */
export function decideOtherMarks(
  situation: Situation,
  event: CalendarEvent,
  map: BookingEventMap,
  rules: Rules,
): Verdict | null {
  const { appointmentId } = event.marks;
  if (appointmentId === null || !isMarkedForOther(event, map)) return null;
  const { markedFor, booking } = situation;
  if (!booking || booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (markedFor === undefined) return observe('marked-for');
  // In blind mode a record that was read is only assumed to be live.
  const isAssumedLive = rules.trust === 'blind' && booking.status === 'live' && booking.booking !== null;
  if (isAssumedLive && markedFor.existence === 'exists' && markedFor.own === undefined) return observe('own-existence');
  const isOursDead = booking.booking === null || booking.status === 'dead' || markedFor.own === 'gone';
  if (isOursDead && markedFor.existence !== 'gone') {
    const superseded = { ...map, status: 'CANCELED' as const, supersededBy: appointmentId, intent: null };
    return act('booking-cancelled', { do: 'store-map', map: superseded }, `its event is that of ${appointmentId}`);
  }
  if (isOursDead) return null;
  if (booking.status !== 'live') return quiet('orphan-unproven', `its event carries the marks of ${appointmentId}`);
  const target = booking.booking && rules.routed(booking.booking);
  if (!target) return markedFor.existence === 'gone' ? null : left(map, appointmentId);
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
    return act('booking-changed', { do: 'write-event', write }, `its event carried the marks of ${appointmentId}`);
  }
  const hasAdopted = markedFor.map?.status === 'ACTIVE';
  if (markedFor.existence === 'exists' && (hasAdopted || !markedFor.map)) {
    return act('new-booking', { do: 'create-event', ...target }, `its event is that of ${appointmentId}`);
  }
  return quiet('orphan-unproven', `its event carries the marks of ${appointmentId}`);
}

/** The booking moved to a unit without a route, and its event belongs to another appointment. Nothing remains to remove. */
function left(map: BookingEventMap, appointmentId: string): Verdict {
  const canceled = { ...map, status: 'CANCELED' as const, base: { ...map.base, bay: null }, intent: null };
  return act('booking-moved-bay', { do: 'store-map', map: canceled }, `its event is that of ${appointmentId}`);
}
