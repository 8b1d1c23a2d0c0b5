import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import {
  bookingSide,
  differs,
  isOver,
  targetOfBase,
  echoWindowEnd,
  agreed,
  bookingChange,
  inSync,
  isHistory,
  revertEvent,
  type BookingSide,
} from './booking-side.js';
import { revertEdit } from './carry-edit.js';
import { decideDuplicates, decideLeftEvent, decideOtherEvent } from './decide-copies.js';
import { decideEdit } from './decide-edit.js';
import { decideBegunDeletion } from './begun-deletion.js';
import { decideRefusedEdit } from './decide-refused-edit.js';
import { decideReplay, decideUndo } from './decide-replay.js';
import { act, OBSERVE_BOOKING, OBSERVE_EVENT, quiet, wait, observe, type Verdict } from './decision.js';
import { fullWrite, marksWrite } from './event-write.js';
import { mayBeMovedBack, withOwnWrite } from './own-write.js';
import {
  isKnownVersion,
  isManaged,
  isMarkedCanceled,
  isClosedCalendar,
  isMarkedForOther,
  isMoved,
  isOlderVersion,
  isSurelyOlder,
  type Rules,
} from './rules.js';
import type { EventReading, Situation } from './situation.js';
import { seekSuccessor } from './successor.js';

/**
 * Period after the end of a visit in which a user may extend it: the customer continues to play
 * (docs/decision-table.md#row-26a).
 */
const PLAYS_ON_MS: number = 60 * MINUTE;

/** A clock that is ahead is assumed to be corrected within this time. */
const CLOCK_WRONG_MS: number = 40 * MINUTE;

/** docs/decision-table.md#row-8 to #row-21, #row-25 and #row-26: the map is ACTIVE. */
export function decideActive(situation: Situation, stored: BookingEventMap, rules: Rules): Verdict {
  const { event, now, refusal, booking } = situation;
  if (event && event.event.eventId !== stored.googleEventId) return decideOtherEvent(situation, event, stored, rules);
  const duplicate = decideDuplicates(situation, stored, rules);
  if (duplicate) return duplicate;
  const left = decideLeftEvent(situation, stored, rules);
  if (left) return left;
  const isWriting = stored.intent?.write !== undefined && booking?.booking;
  const wanted = isWriting ? (rules.routed(isWriting)?.base ?? null) : null;
  if (event && !event.proven && mayBeMovedBack(event.event, stored, rules)) return OBSERVE_EVENT;
  const map = stored.intent && event ? withOwnWrite(stored, event.event, wanted, rules, event.trace) : stored;
  const isOthers = event !== undefined && isMarkedForOther(event.event, map);
  const other = isOthers ? decideOtherMarks(situation, event, map, rules) : null;
  if (other) return other;
  if (event && event.event.calendarId === map.googleCalendarId && isClosedCalendar(map.googleCalendarId, rules)) {
    return decideInClosedCalendar(event.event, map, situation, rules);
  }

  const isChanged = event !== undefined && !isKnownVersion(event.event, stored);
  const isOlder = isChanged && isSurelyOlder(event.event, map, now);
  const isInHistory = isHistory(situation, map);
  if (isInHistory && !isChanged) return quiet('past');
  if (booking && booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (isChanged && event.at < map.lastSyncedAt) return OBSERVE_EVENT;
  const settledAt = map.lastSyncedAt + rules.echoWindowMs;
  if (isChanged && now < settledAt && isOlderVersion(event.event, map)) return wait(settledAt);
  if (isOlder && !event.proven && event.event.state === 'live') return OBSERVE_EVENT;
  if (isInHistory && isChanged) return decidePast(event, map, situation, rules);

  const side = booking ? bookingSide(booking, map, rules) : null;
  const closesAt = echoWindowEnd(map, rules);
  if (side && refusal === null && differs(side) && !side.renamed && side.reading.at < closesAt) {
    // The other side may have served an outdated answer. An edit of the event waits for the echo window only if there is no
    // booking to change. Everything else waits, and then the booking is read again.
    if (now >= closesAt) return OBSERVE_BOOKING;
    const isClosed = isClosedCalendar(map.googleCalendarId, rules);
    if (!isChanged || side.reading.booking === null || isOver(situation, map) || isClosed) return wait(closesAt);
    return decideEdit(event, map, unchanged(side, map, rules), situation, rules);
  }
  if (side?.reading.status === 'dead') return decideDead(event?.event ?? null, map, situation, rules);
  const replayed = situation.replayed === true && event?.event.state === 'live' ? event.event : null;
  if (replayed && !side) return OBSERVE_BOOKING;
  const undo = replayed && side && decideUndo(replayed, map, side, situation, rules);
  if (undo) return undo;
  if (refusal !== null && event && (event.event.state === 'gone' || isManaged(event.event))) {
    if (!side) return OBSERVE_BOOKING;
    return decideRefusedEdit(event, map, side, { ...situation, refusal }, rules);
  }
  const replay = replayed && side && decideReplay(replayed, map, side, situation, rules);
  if (replay) return replay;
  if (isOver(situation, map) && isChanged) return decidePast(event, map, situation, rules);
  if (isChanged) return decideEdit(event, map, side, situation, rules);
  const begun = decideBegunDeletion(situation, map, side, rules);
  if (begun) return begun;
  if (!side) return event ? inSync(map, null) : OBSERVE_BOOKING;
  return bookingChange(null, map, side, rules);
}

/**
 * docs/decision-table.md#replaced-calendars: the calendar of the mirror belongs to no bay of the settings any more. A
 * changed event there is not an edit, and a missing event proves nothing: only the booking decides.
 */
function decideInClosedCalendar(
  event: CalendarEvent,
  map: BookingEventMap,
  situation: Situation,
  rules: Rules,
): Verdict {
  const verdict = decideActive({ ...situation, event: undefined }, map, rules);
  if (verdict.kind !== 'decision') return verdict;
  const { action, reason } = verdict;
  if (action.do === 'cancel-event') return act(reason, { ...action, event });
  const target = situation.booking && bookingSide(situation.booking, map, rules).target;
  return action.do === 'write-event' && target ? revertEvent(reason, event, map, target, rules) : verdict;
}

function unchanged(side: BookingSide, map: BookingEventMap, rules: Rules): BookingSide {
  return { ...side, target: targetOfBase(map, rules), moved: false, textChanged: false };
}

/**
 * docs/decision-table.md#row-11. In blind mode the event of a visit that is over is kept: past slots are never listed as
 * free, so a missing record does not prove a cancellation.
 */
function decideDead(event: CalendarEvent | null, map: BookingEventMap, situation: Situation, rules: Rules): Verdict {
  const isOverInBlind = rules.trust === 'blind' && map.base.end <= situation.now;
  if (isOverInBlind) return quiet('past', 'its booking is not there any more, but its time is over');
  const successor = event && seekSuccessor(event, map, situation, rules);
  return successor ?? act('booking-cancelled', { do: 'cancel-event', event });
}

/** docs/decision-table.md#row-26 and #row-26a: the event of a visit that is over has changed. */
function decidePast(reading: EventReading, map: BookingEventMap, situation: Situation, rules: Rules): Verdict {
  const { event } = reading;
  if (event.state === 'gone' || !isManaged(event) || !isMoved(event, map))
    return settlePast(event, map, situation, rules);
  if (event.calendarId !== map.googleCalendarId && !reading.proven) return OBSERVE_EVENT;
  if (!situation.booking) return OBSERVE_BOOKING;
  const side = bookingSide(situation.booking, map, rules);
  if (playsOn(event, map, situation) && !differs(side)) return decideEdit(reading, map, side, situation, rules);
  return revertEdit('past-edit', event, map, side.target ?? targetOfBase(map, rules), situation, rules);
}

/**
 * The event of a visit that is over was deleted, or only its texts were edited, and the booking may have changed too: a later
 * note, or another name or calendar of the bay. The map is stored as agreed, because otherwise every poll would try to write
 * that change.
 */
function settlePast(event: CalendarEvent, map: BookingEventMap, situation: Situation, rules: Rules): Verdict {
  const side = situation.booking ? bookingSide(situation.booking, map, rules) : null;
  const isAgreed = side !== null && !differs(side) && map.intent === null;
  if (!side?.target || isAgreed || isHistory(situation, map))
    return event.state === 'gone' ? goneIsPast(map, situation) : quiet('past');
  if (event.state === 'live' && isManaged(event) && differs(side)) return bookingChange(event, map, side, rules);
  const settled = agreed(map, event.state === 'gone' ? null : event, side.target);
  return act('past', { do: 'store-map', map: { ...settled, googleCalendarId: side.target.bay.calendarId } });
}

/**
 * A deletion that was listed before the end of the visit is decided once more, because the clock may be ahead. If it is corrected
 * meanwhile, the task is due later than any task waits, and is claimed at once.
 */
function goneIsPast({ base }: BookingEventMap, { taskCreatedAt = base.end, retried, now }: Situation): Verdict {
  const past = quiet('past');
  return taskCreatedAt < base.end && retried !== true ? { ...past, recheckAt: now + CLOCK_WRONG_MS } : past;
}

/** Did the edit only extend the end into the future, soon after it had passed? */
function playsOn(event: CalendarEvent, { base, googleCalendarId }: BookingEventMap, { now }: Situation): boolean {
  if (event.calendarId !== googleCalendarId || event.start !== base.start || event.end === null) return false;
  const editedAt: Instant = Math.min(now, event.updatedAt ?? now);
  return event.end > now && editedAt - base.end <= PLAYS_ON_MS;
}

/**
 * The map's event has the marks of another appointment (docs/decision-table.md#echoes-and-loops). Both bookings are read
 * first. The event is deleted for this booking only if the other booking was read and is dead too.
 *
 * @returns null if the other appointment has no claim to the event
 */
export function decideOtherMarks(
  situation: Situation,
  { event, at, proven }: EventReading,
  map: BookingEventMap,
  rules: Rules,
): Verdict | null {
  const { appointmentId } = event.marks;
  if (appointmentId === null) return null;
  // Our last write may have been that of our marks. In another calendar it may be another event of the same id.
  if (at < map.lastSyncedAt || (!proven && event.calendarId !== map.googleCalendarId)) return OBSERVE_EVENT;
  const { markedFor, booking } = situation;
  if (!booking || booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (markedFor === undefined) return observe('marked-for');
  // The other appointment is one of our earlier ids, perhaps with the marks of the new one to be written. An outdated answer may
  // still show its booking.
  const { supersededBy, intent } = markedFor.map ?? {};
  const isEarlierId = supersededBy === map.uscheduleAppointmentId || intent?.successor === map.uscheduleAppointmentId;
  const existence = isEarlierId ? 'gone' : markedFor.existence;
  // In blind mode a record that was read is only assumed to be live.
  const isAssumedLive = rules.trust === 'blind' && booking.status === 'live' && booking.booking !== null;
  if (isAssumedLive && existence === 'exists' && markedFor.own === undefined) return observe('own-existence');
  const isOursDead = booking.booking === null || booking.status === 'dead' || markedFor.own === 'gone';
  if (isOursDead && existence !== 'gone') {
    const superseded = { ...map, status: 'CANCELED' as const, supersededBy: appointmentId, intent: null };
    return act('booking-cancelled', { do: 'store-map', map: superseded }, `its event is that of ${appointmentId}`);
  }
  if (isOursDead) return null;
  if (booking.status !== 'live') return quiet('orphan-unproven', `its event carries the marks of ${appointmentId}`);
  const target = booking.booking && rules.routed(booking.booking);
  if (!target) return existence === 'gone' ? null : left(map, appointmentId);
  const hasOwnEvent = markedFor.map?.status === 'ACTIVE' && markedFor.map.googleEventId !== map.googleEventId;
  if (existence === 'gone' || hasOwnEvent) {
    // The place of an event that is marked as cancelled is no edit of this booking. If both were moved, our marks would hide
    // the time of the edit, so the booking wins.
    const isSettled = booking.at >= echoWindowEnd(map, rules);
    const haveBothMoved = isMoved(event, map) && bookingSide(booking, map, rules).moved;
    const isOverwritten = isMarkedCanceled(event) || (haveBothMoved && isSettled);
    const base = isOverwritten ? target.base : (targetOfBase(map, rules)?.base ?? target.base);
    const write = {
      ...marksWrite(event, base),
      ...(isOverwritten && fullWrite(event, { ...target, base }, map.base)),
      stamp: true as const,
    };
    return act('booking-changed', { do: 'write-event', write }, `its event carried the marks of ${appointmentId}`);
  }
  const hasAdopted = markedFor.map?.status === 'ACTIVE';
  if (existence === 'exists' && (hasAdopted || !markedFor.map)) {
    return act('new-booking', { do: 'create-event', ...target }, `its event is that of ${appointmentId}`);
  }
  return quiet('orphan-unproven', `its event carries the marks of ${appointmentId}`);
}

/** The booking moved to a unit without a route, and its event belongs to another appointment. Nothing remains to remove. */
function left(map: BookingEventMap, appointmentId: string): Verdict {
  const canceled = { ...map, status: 'CANCELED' as const, base: { ...map.base, bay: null }, intent: null };
  return act('booking-moved-bay', { do: 'store-map', map: canceled }, `its event is that of ${appointmentId}`);
}
