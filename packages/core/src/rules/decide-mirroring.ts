import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { SECOND } from '../domain/instant.js';
import { act, observe, wait, type Decision, type Verdict } from './decision.js';
import { calendarDigest, insertOf, isDerivedEventId, isMovedSince } from './event-marks.js';
import { fullWrite, ownTextsOf, type Target } from './event-write.js';
import { replacedBy } from './rebook-marker.js';
import { isActiveEvent, isManaged, isMarkedFor, type Rules } from './rules.js';
import type { EventReading, Original, Situation } from './situation.js';

/**
 * docs/decision-table.md#row-4. An event whose id we did not derive may be a user's copy of an event with a derived id and
 * no map. Then the event with the derived id is the mirror.
 */
export function decideAdoption(situation: Situation, event: CalendarEvent, target: Target, rules: Rules): Verdict {
  const { appointmentId, derived } = situation;
  const adopted = isDerivedEventId(event.eventId, appointmentId) ? null : derived;
  if (adopted === undefined) return observe('derived');
  const mirror = isMirrorOf(adopted, appointmentId) ? adopted.event : event;
  const record = situation.booking?.booking;
  const shown = (record?.missing && rules.routedFor(mirror, record)) || target;
  return (
    decideOwnInsert(situation, mirror, shown, rules) ??
    act('adopt', { do: 'adopt-event', event: mirror, write: fullWrite(mirror, shown), base: shown.base })
  );
}

/**
 * Handles an insert of this task whose map was not stored (docs/decision-table.md#crash-safe-writes). If the event was
 * edited or deleted since, the map is stored as of the insert, and the edit is decided with it.
 *
 * @returns null if this task did not insert the event, or the event was not edited
 */
export function decideOwnInsert(
  { appointmentId, taskCreatedAt }: Situation,
  event: CalendarEvent,
  target: Target,
  rules: Rules,
): Verdict | null {
  const inserted = isMarkedFor(event, appointmentId) ? insertOf(event.marks.write, taskCreatedAt) : null;
  if (!inserted || !isDerivedEventId(event.eventId, appointmentId)) return null;
  const { start, end } = inserted;
  const named = event.marks.bay === null ? null : rules.routing.ofBay(event.marks.bay);
  const into = rules.routing.bays.find(({ calendarId }) => calendarDigest(calendarId) === inserted.calendar);
  const home = into ?? named ?? target.bay;
  if (event.state === 'live' && !isMovedSince(inserted, event, home.calendarId)) return null;
  const { title, description } = event.state === 'gone' ? target.base : event;
  const asInserted = { ...event, title, description, calendarId: home.calendarId, etag: '' };
  const base = { ...target.base, ...ownTextsOf(asInserted, target.base), start, end, bay: home.bay };
  return act('adopt', { do: 'adopt-event', event: asInserted, write: null, base });
}

/**
 * docs/decision-table.md#row-1. Checks before the first event is created: an earlier attempt without a stored map may have
 * left an event in another bay's calendar; the booking may remain from an interrupted rebooking; or a current reschedule may
 * be creating the booking.
 */
export function decideCreation(situation: Situation, target: Target, rules: Rules): Verdict {
  const { appointmentId, derived, retried, event, booking, original } = situation;
  if (retried === true && event === undefined && derived === undefined) return observe('derived');
  if (isMirrorOf(derived, appointmentId)) return decideAdoption(situation, derived.event, target, rules);
  if (booking?.booking && replacedBy(booking.booking) !== null) {
    if (original === undefined) return observe('original');
    const leftover = original && decideLeftover(situation, original, create(target), rules);
    if (leftover) return leftover;
  }
  if (rules.reschedule === 'off') return create(target);
  if (situation.contested === undefined) return observe('contest');
  return situation.contested ? wait(situation.now + SECOND) : create(target);
}

function create(target: Target): Decision {
  return act('new-booking', { do: 'create-event', ...target });
}

/**
 * Is another booking being moved into the slot of this one, which may be its successor?
 *
 * @param maps those with a change in progress
 */
export function isContested(
  maps: readonly BookingEventMap[],
  { appointmentId, booking, now }: Situation,
  rules: Rules,
): boolean {
  const target = booking?.booking && rules.routed(booking.booking);
  return maps.some(
    ({ intent, uscheduleAppointmentId }) =>
      intent?.kind === 'reschedule' &&
      uscheduleAppointmentId !== appointmentId &&
      intent.start === target?.base.start &&
      intent.bay === target.base.bay &&
      now - intent.since < rules.timing.intentHoldsMs,
  );
}

/** Is it an active event of the appointment: with its marks, or with an id that we derive and no marks? */
export function isMirrorOf(reading: EventReading | null | undefined, appointmentId: string): reading is EventReading {
  if (reading === null || reading === undefined || !isActiveEvent(reading.event)) return false;
  const { event } = reading;
  return isMarkedFor(event, appointmentId) || (!isManaged(event) && isDerivedEventId(event.eventId, appointmentId));
}

/**
 * docs/decision-table.md#row-18a. Handles a booking of ours whose marker names an existing booking, the original. It remains
 * from a rebooking that became a dead letter while its progress could not be read. It is cancelled under two conditions:
 * 1. The original was read and exists. After a restore from a backup the original may be cancelled already.
 * 2. Every exchange has ended. Another installation with its own store may be between its two calls.
 *
 * A dead letter of the original shows that the rebooking was ours. If the original has no map, the store was lost. Then only
 * a trusted status shows that the original exists, because another booking may occupy its slot.
 *
 * @returns null if the original does not need its slot or has another customer: the booking is mirrored like any other
 */
function decideLeftover(
  { appointmentId, now, taskCreatedAt }: Situation,
  original: Original,
  created: Decision,
  rules: Rules,
): Verdict | null {
  const { map, existence, isOfOther, isGivenUp, refusal } = original;
  if (isOfOther) return null;
  if (map ? map.status !== 'ACTIVE' : existence !== 'exists' || rules.trust !== 'trusted') return null;
  const both = `${original.appointmentId}, and ${appointmentId}, its replacement`;
  const mirrored = (message: string): Verdict => ({ ...created, notice: { level: 'error', message } });
  if (map?.intent?.kind === 'reschedule') {
    // Without an attempt, a search for this booking has begun.
    const { triedAt, since } = map.intent;
    if (now - Math.max(triedAt, since) < rules.timing.intentHoldsMs) return wait(now + SECOND);
    return mirrored(`two bookings may exist: ${both}`);
  }
  if (refusal) return mirrored(`two bookings exist: ${both}: ${refusal.message}`);
  if (existence === 'gone') return null;
  if (existence !== 'exists') return mirrored(`two bookings may exist: ${both}`);
  const endsAt = (taskCreatedAt ?? now) + rules.timing.intentHoldsMs;
  if (isGivenUp !== true && now < endsAt) return wait(endsAt);
  const message = `booking ${appointmentId}, made in place of ${original.appointmentId}, was cancelled since that one exists`;
  const canceled = act('rebook-leftover', { do: 'cancel-booking', appointmentId, because: 'leftover', intent: null });
  return { ...canceled, notice: { level: 'warn', message } };
}
