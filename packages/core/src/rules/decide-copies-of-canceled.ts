import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { isOfEarlierAppointment } from './decide-copies.js';
import { act, observe, OBSERVE_BOOKING, quiet, type Verdict } from './decision.js';
import { derivedGeneration, isOurId } from './event-marks.js';
import { decideRemovalStop } from './mass-cancel-guard.js';
import { isActiveEvent, isManaged, isMarkedFor, isOrdinary, isOurAccount, type Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * docs/decision-table.md#row-23, for a copy: an event with the marks of a canceled appointment and the same time.
 */
export function decideCopyOfCanceled(
  situation: Situation,
  event: CalendarEvent,
  map: BookingEventMap,
  rules: Rules,
): Verdict {
  if (!isManaged(event) || !isActiveEvent(event)) return quiet('not-managed');
  if (!isMarkedFor(event, situation.appointmentId)) return decideOfEarlier(event, situation, rules);
  const isSameTime = event.start === map.base.start && event.end === map.base.end;
  if (!isSameTime || !isOrdinary(event))
    return act(
      'copy',
      { do: 'record-copy', copy: event },
      isSameTime ? 'a copy of a canceled booking, of another type' : 'a copy of a canceled booking, at another time',
    );
  if (!situation.booking || situation.booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (situation.booking.status !== 'dead') return act('copy', { do: 'record-copy', copy: event });
  const stopped = decideRemovalStop('dead-stays-dead', situation, rules);
  return stopped ?? act('dead-stays-dead', { do: 'remove-copy', event, mirrorMap: null });
}

/**
 * docs/decision-table.md#row-23: the event has the marks of the id that the booking had before it was rescheduled. Either that id was
 * used again, and our insert of the event of the later booking has no map, because the process ended. Or the event had been
 * transferred to that id from a still earlier one, and a restored store, which does not know that, has made another event.
 */
function decideOfEarlier(event: CalendarEvent, situation: Situation, rules: Rules): Verdict {
  if (situation.markedFor === undefined) return observe('marked-for');
  const { appointmentId } = event.marks;
  const isInsert = appointmentId !== null && derivedGeneration(event.eventId, appointmentId) !== null;
  const base = situation.markedFor.map?.base;
  const isSameTime = event.start === base?.start && event.end === base?.end;
  const isTransferred = appointmentId !== null && isOurId(event.eventId, appointmentId) && isSameTime;
  if (!isOfEarlierAppointment(event, situation) || !(isInsert || isTransferred)) return quiet('not-managed');
  if (!isOrdinary(event) || !isOurAccount(event, situation, rules)) return quiet('not-managed');
  const stopped = decideRemovalStop('dead-stays-dead', situation, rules);
  return stopped ?? act('dead-stays-dead', { do: 'remove-copy', event, mirrorMap: null });
}
