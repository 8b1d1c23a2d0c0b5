import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import { decideAdoption, decideCreation, decideOwnInsert, isMirrorOf } from './decide-mirroring.js';
import { act, observe, OBSERVE_BOOKING, quiet, wait, type Verdict } from './decision.js';
import { isDerivedEventId, isOurId } from './event-marks.js';
import { checkedAgainAt, decideRemovalStop } from './mass-cancel-guard.js';
import { mayBeForgotten } from './retention.js';
import {
  isBookable,
  isManaged,
  isMarkedCanceled,
  isMarkedFor,
  isOrdinary,
  isActiveEvent,
  isOurAccount,
  type Rules,
} from './rules.js';
import type { BookingReading, Situation } from './situation.js';

function noRoute({ resourceUnitId }: Booking): Verdict {
  return quiet('no-route', `no bay is configured for unit ${resourceUnitId}`);
}

/**
 * An event of our account whose booking moved to a unit without a route before its map was stored, or whose map was lost. It
 * is adopted unchanged. Later a poll removes it like any other event of such a booking, if the mass-change guard allows it.
 */
function leftBehind({ appointmentId }: Situation, event: CalendarEvent | null, { routing }: Rules): Verdict | null {
  if (!event || !isOurId(event.eventId, appointmentId)) return null;
  const bay = routing.ofCalendar(event.calendarId);
  if (!bay || !isActiveEvent(event) || !isBookable(event)) return null;
  const { start, end, title, description } = event;
  const base = { start, end, title, description, bay: bay.bay };
  return act('adopt', { do: 'adopt-event', event, write: null, base });
}

/**
 * docs/decision-table.md#row-4: the event has the appointment's marks, or an id that we derive for it and no marks of
 * another appointment.
 */
function isOurs(event: CalendarEvent, appointmentId: string): boolean {
  if (isMarkedFor(event, appointmentId)) return true;
  return !isManaged(event) && isDerivedEventId(event.eventId, appointmentId);
}

/** docs/decision-table.md#row-1a. Reported once; the task is due when the hold ends. */
function checkoutHeld(until: Instant | undefined, now: Instant, rules: Rules): Verdict | null {
  if (until === undefined || until <= now) return null;
  const held = quiet('checkout-held', `a checkout may be in progress until ${rules.localTimeOf(until)}`);
  return { ...held, recheckAt: until };
}

/**
 * docs/decision-table.md#row-5, #row-5a, #row-5b and #row-6: an event without a map whose booking is dead. An empty store and the
 * account of another studio look alike. So an event is removed only if our account created it, if the booking system has
 * returned a record for an appointment with an event in our calendars, and if not too many events would be removed at once
 * (docs/decision-table.md#guards).
 */
function decideOrphan(situation: Situation, booking: BookingReading, seen: CalendarEvent, rules: Rules): Verdict {
  if (!booking.sure) return OBSERVE_BOOKING;
  const { appointmentId } = situation;
  // The observed event may be a user's copy of an event with a derived id.
  const derived = isDerivedEventId(seen.eventId, appointmentId) ? null : situation.derived;
  if (derived === undefined) return observe('derived');
  const event = isMirrorOf(derived, appointmentId) && isManaged(derived.event) ? derived.event : seen;
  const isOver = event.end !== null && event.end <= situation.now;
  if (isOver) return quiet('past');
  if (!isOurAccount(event, situation, rules)) {
    return quiet('orphan-foreign', `event ${event.eventId} was made by ${event.creatorEmail ?? 'another account'}`);
  }
  if (mayBeForgotten(event, situation.now, rules)) {
    return quiet('orphan-unproven', 'the event is older than the records that are kept: is it of a visit of long ago?');
  }
  const { removals } = situation;
  if (removals === undefined) return observe('removals');
  if (booking.booking === null && !removals.isAccountProven) {
    const detail = 'the booking system knows no appointment of our calendars: is it the right account?';
    return { ...quiet('orphan-unproven', detail), recheckAt: checkedAgainAt(situation, rules) };
  }
  const stopped = decideRemovalStop('orphan-unproven', situation, rules);
  if (stopped) return stopped;
  return act('orphan', { do: 'cancel-event', event });
}

/** docs/decision-table.md#row-6: the event has an id that we derive, and its marks were removed. Only a person can remove it. */
function decideUnmarkedOrphan({ eventId, end }: CalendarEvent, { sure }: BookingReading, now: Instant): Verdict {
  if (end !== null && end <= now) return quiet('past');
  if (!sure) return OBSERVE_BOOKING;
  return quiet('orphan-unproven', `event ${eventId} has an id of ours and no marks, and its booking is cancelled`);
}

/** docs/decision-table.md#row-1 to #row-7: there is no map. The event, if given, is the best candidate for the mirror. */
export function decideUnmapped(situation: Situation, rules: Rules): Verdict {
  const { appointmentId, booking } = situation;
  const seen = situation.event?.event ?? null;
  const ours = seen !== null && isOurs(seen, appointmentId);
  if (seen?.state === 'live' && !ours && booking === undefined) return quiet('not-managed');
  const isForeign = seen?.state === 'live' && isManaged(seen) && !rules.isAppointmentId(appointmentId);
  if (isForeign && booking === undefined) {
    return quiet('orphan-foreign', `event ${seen.eventId} names ${appointmentId}, which can be no appointment`);
  }
  if (booking === undefined) return OBSERVE_BOOKING;

  const candidate = seen !== null && ours && seen.state === 'live' && isOrdinary(seen) ? seen : null;
  if (booking.status === 'dead' || booking.booking === null) {
    // Without a map and without marks there is no proof that the event is ours to delete.
    if (seen && ours && isActiveEvent(seen) && isManaged(seen) && !isOrdinary(seen)) {
      return quiet(
        'orphan-foreign',
        `event ${seen.eventId} is of the type ${seen.eventType ?? ''}, which no mirror is`,
      );
    }
    if (!candidate) return quiet('dead-on-arrival');
    if (!isActiveEvent(candidate)) {
      // A user's copy was the mirror, and was marked as cancelled. The former mirror may be restored from the trash.
      if (!isManaged(candidate) || isDerivedEventId(candidate.eventId, appointmentId)) return quiet('dead-on-arrival');
      const { derived } = situation;
      if (derived === undefined) return observe('derived');
      if (!isMirrorOf(derived, appointmentId) || !isManaged(derived.event)) return quiet('dead-on-arrival');
    } else if (!isManaged(candidate)) return decideUnmarkedOrphan(candidate, booking, situation.now);
    return decideOrphan(situation, booking, candidate, rules);
  }
  if (booking.booking.end <= situation.historyBefore) return quiet('past');
  if (booking.status === 'unknown') {
    if (candidate && isManaged(candidate) && !isMarkedCanceled(candidate)) {
      const unproven = quiet(
        'orphan-unproven',
        'the event carries our marks, but nothing proves its booking live or dead',
      );
      // Blind mode: the proof may come later, and no other trigger would lead back to this event.
      return rules.trust === 'blind'
        ? { ...unproven, recheckAt: situation.now + rules.timing.unprovenAgainMs }
        : unproven;
    }
    const held = rules.routed(booking.booking) ? checkoutHeld(booking.heldUntil, situation.now, rules) : null;
    return held ?? wait(null);
  }
  const target = rules.routed(booking.booking);
  if (!target) return leftBehind(situation, candidate, rules) ?? noRoute(booking.booking);
  if (candidate) return decideAdoption(situation, candidate, target, rules);
  const deleted = seen?.state === 'gone' ? decideOwnInsert(situation, seen, target, rules) : null;
  return deleted ?? decideCreation(situation, target, rules);
}
