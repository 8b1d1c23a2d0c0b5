import { hasMovedToUnroutedUnit, type BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { echoWindowEnd } from './booking-side.js';
import { isOfEarlierAppointment } from './decide-copies.js';
import { decideCopyOfCanceled } from './decide-copies-of-canceled.js';
import { act, observe, OBSERVE_BOOKING, OBSERVE_EVENT, quiet, wait, type Verdict } from './decision.js';
import { fullWrite } from './event-write.js';
import { decideRemovalStop } from './mass-cancel-guard.js';
import { isActiveEvent, isManaged, isMarkedForOther, isOrdinary, type Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * docs/decision-table.md#row-22 to #row-25: the map is CANCELED. In blind mode this is final (docs/uschedule.md#lesson-5),
 * unless the booking has only moved to a unit without a route, or its id is used for a later booking.
 */
export function decideCanceled(situation: Situation, map: BookingEventMap, rules: Rules): Verdict {
  const { booking, event, now } = situation;
  if (map.supersededBy !== null) return decideSuperseded(situation, map, rules);
  if (event && event.event.eventId !== map.googleEventId)
    return decideCopyOfCanceled(situation, event.event, map, rules);

  const isOthers = event !== undefined && isMarkedForOther(event.event, map);
  const isActive = event !== undefined && isActiveEvent(event.event);
  const copy = copyBeside(situation, map);
  if (mayRevive(situation, rules) || hasMovedToUnroutedUnit(map)) {
    if (booking === undefined) return event && !isActive && !copy ? quiet('in-sync') : OBSERVE_BOOKING;
    if (booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
    if (booking.status === 'live' && booking.booking) {
      const closesAt = echoWindowEnd(map, rules);
      if (booking.at < closesAt) return now < closesAt ? wait(closesAt) : OBSERVE_BOOKING;
      if (booking.booking.end <= situation.historyBefore) return quiet('past');
      const target = rules.routed(booking.booking);
      if (!target) return leftBehind(situation, map, booking.booking, rules);
      // An event that was read before our deletion of it is not there any more.
      if (event !== undefined && event.at < map.lastSyncedAt) return OBSERVE_EVENT;
      if (isOthers) return act('booking-revived', { do: 'create-event', ...target });
      if (event?.event.state !== 'live') return act('booking-revived', { do: 'restore-event', ...target });
      const write = fullWrite(event.event, target, map.base);
      return act(
        'booking-revived',
        write
          ? { do: 'write-event', write }
          : { do: 'adopt-event', event: event.event, write: null, base: target.base },
      );
    }
  }
  if (!isActive) return copy ? decideCopyOfCanceled(situation, copy, map, rules) : quiet('in-sync');
  if (isOthers) {
    // The event was transferred to this appointment, and its new marks were never written.
    if (situation.markedFor === undefined) return observe('marked-for');
    if (!isOfEarlierAppointment(event.event, situation)) return quiet('in-sync');
  }
  if (event.at < map.lastSyncedAt) return OBSERVE_EVENT;
  if (!isManaged(event.event)) return quiet('metadata-removed');
  if (booking !== undefined && booking.status === 'unknown' && rules.trust === 'trusted') return wait(null);
  const stopped = decideRemovalStop('dead-stays-dead', situation, rules);
  return stopped ?? act('dead-stays-dead', { do: 'cancel-event', event: event.event });
}

/**
 * Returns a copy that was observed with the canceled mirror, at the time of the booking: an event of any id, also that of the
 * mirror in the calendar of another bay. It may have stayed there while that bay was removed from the settings.
 */
function copyBeside({ others = [] }: Situation, { base }: BookingEventMap): CalendarEvent | null {
  const copy = others.find(({ event }) => isOrdinary(event) && event.start === base.start && event.end === base.end);
  return copy?.event ?? null;
}

function mayRevive({ booking }: Situation, { trust }: Rules): boolean {
  return trust === 'trusted' || booking?.idReused === true;
}

/**
 * The booking was rescheduled to another id, whose map owns the event. If the booking of the old id is live again, it gets
 * its own event (docs/decision-table.md#row-24).
 */
function decideSuperseded({ booking, now, historyBefore }: Situation, map: BookingEventMap, rules: Rules): Verdict {
  if (rules.trust !== 'trusted' || booking?.status !== 'live' || !booking.booking) return quiet('in-sync');
  // Nothing is to be written, so no certainty is needed: else every poll would read the booking.
  if (booking.booking.end <= historyBefore) return quiet('past');
  const target = rules.routed(booking.booking);
  if (!target) return quiet('no-route', `no bay is configured for unit ${booking.booking.resourceUnitId}`);
  const closesAt = echoWindowEnd(map, rules);
  if (booking.at < closesAt) return now < closesAt ? wait(closesAt) : OBSERVE_BOOKING;
  if (!booking.sure || booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  return act('booking-revived', { do: 'create-event', ...target });
}

/** The booking is live at a unit without a route. A restored event of it is removed, because its map is cancelled. */
function leftBehind({ event }: Situation, map: BookingEventMap, booking: Booking, rules: Rules): Verdict {
  const ours =
    event !== undefined &&
    !isMarkedForOther(event.event, map) &&
    rules.routing.ofCalendar(event.event.calendarId) !== null;
  if (!ours || !isActiveEvent(event.event) || !isManaged(event.event)) {
    return quiet('no-route', `no bay is configured for unit ${booking.resourceUnitId}`);
  }
  if (event.at < map.lastSyncedAt) return OBSERVE_EVENT;
  return act('booking-moved-bay', { do: 'cancel-event', event: event.event });
}
