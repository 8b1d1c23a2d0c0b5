import { eventLinkOf, type BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { sameTexts } from '../domain/content.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import {
  differs,
  bookingChange,
  inSync,
  revertEvent,
  targetOfBase,
  withoutRoute,
  type BookingSide,
} from './booking-side.js';
import { carryEdit, revertEdit, revertOneWay } from './carry-edit.js';
import { decideReplacement } from './decide-copies.js';
import { act, OBSERVE_BOOKING, OBSERVE_EVENT, quiet, type Reason, type Verdict } from './decision.js';
import { flagsOf, marksWrite } from './event-write.js';
import { isOpenMoveToBay } from './edit-record.js';
import { isBookable, isManaged, isMarkedFor, isMoved, isSurelyOlder, type Rules } from './rules.js';
import type { EventReading, Situation } from './situation.js';

/**
 * docs/decision-table.md#row-12 to #row-20: the event differs from our last write. `side` is null if the booking was not
 * read.
 */
export function decideEdit(
  reading: EventReading,
  map: BookingEventMap,
  side: BookingSide | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  return withHeldMap(decideDifference(reading, map, side, situation, rules), situation.map, map, side);
}

/**
 * docs/decision-table.md#row-21d: a held edit writes nothing. So the map gets the calendar of our own interrupted move, and the
 * present name of a renamed bay. Otherwise every poll would find the difference.
 */
function withHeldMap(
  verdict: Verdict,
  stored: BookingEventMap | null,
  map: BookingEventMap,
  side: BookingSide | null,
): Verdict {
  if (verdict.kind !== 'decision' || verdict.reason !== 'edit-held' || verdict.action.do !== 'nothing') return verdict;
  const name = side?.renamed ? side.target?.base.bay : undefined;
  if (map.googleCalendarId === stored?.googleCalendarId && name === undefined) return verdict;
  const base = name === undefined ? map.base : { ...map.base, bay: name };
  return { ...verdict, action: { do: 'store-map', map: { ...map, base } } };
}

function decideDifference(
  reading: EventReading,
  map: BookingEventMap,
  side: BookingSide | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { event } = reading;
  if (event.state === 'gone') return decideDeletion(reading, map, side, situation, rules);
  if (isSurelyOlder(event, map, situation.now)) {
    // Its reading by id is older, too: the calendar was restored to an earlier state.
    return side ? revertEdit('conflict', event, map, side.target, situation, rules) : OBSERVE_BOOKING;
  }
  const isBayEdited = event.calendarId !== map.googleCalendarId;
  if (!isManaged(event)) {
    // The same id without marks in another calendar is the copy of a guest, unless the event left its calendar.
    return isBayEdited && !reading.proven ? OBSERVE_EVENT : decideUnmarked(event, map, side, rules);
  }
  const isTimeEdited = event.start !== map.base.start || event.end !== map.base.end;
  const hasPeriod = isBookable(event);
  if (hasPeriod && !isTimeEdited && !isBayEdited) return textChange(event, map, side, rules);
  if (!side) return OBSERVE_BOOKING;
  if (hasPeriod && isBayEdited && !reading.proven) {
    // The same id alive in two calendars is a copy. Only an event that left its calendar has moved.
    return OBSERVE_EVENT;
  }
  const revertTo = (reason: Reason): Verdict => revertEdit(reason, event, map, side.target, situation, rules);
  const bay = rules.routing.ofCalendar(event.calendarId);
  const isSupported = isSupportedPlace(event, map, situation.now, rules);
  // A reschedule sends the length of the visit. While the record lacks its end, a guess could shorten the visit.
  const isLengthUnknown = side.reading.booking?.missing?.end === 'null';
  const isUnsupported = !isSupported || isLengthUnknown;
  if (isUnsupported && !side.moved) return revertTo('unsupported-edit');
  if (rules.isOneWay(map.base.bay) || rules.isOneWay(bay?.bay ?? null)) {
    return revertOneWay(event, map, side.target, situation, rules);
  }
  if (isUnsupported) return revertTo('conflict');
  if (!side.moved) {
    return carryEdit(isBayEdited ? 'event-moved-bay' : 'event-moved', event, map, side, situation, rules);
  }
  return decideConflict(event, { isTimeEdited, isBayEdited }, map, side, situation, rules);
}

/**
 * docs/decision-table.md#row-20: a single event in a bay's calendar that starts before it ends and ends in the future. The
 * booking system can express its times.
 */
function isSupportedPlace(event: CalendarEvent, { base }: BookingEventMap, now: Instant, rules: Rules): boolean {
  if (!isBookable(event) || event.end <= now || rules.routing.ofCalendar(event.calendarId) === null) return false;
  const isTimeEdited = event.start !== base.start || event.end !== base.end;
  return !isTimeEdited || (rules.isSayable(event.start) && rules.isSayable(event.end));
}

/** May an edit change its booking, so that it counts for the guard? Every other edit is reverted, or changes nothing. */
export function mayBeCarried(event: CalendarEvent, map: BookingEventMap, now: Instant, rules: Rules): boolean {
  if (rules.isOneWay(map.base.bay) || rules.isOneWay(rules.routing.ofCalendar(event.calendarId)?.bay ?? null))
    return false;
  return event.state === 'gone' ? map.base.end > now : isSupportedPlace(event, map, now, rules);
}

/** docs/decision-table.md#row-16 and #row-17: both sides were moved. */
function decideConflict(
  event: CalendarEvent,
  { isTimeEdited, isBayEdited }: { readonly isTimeEdited: boolean; readonly isBayEdited: boolean },
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): Verdict {
  if (!side.target) return withoutRoute(event, map, rules);
  const { base, bay } = side.target;
  const agrees =
    (!isTimeEdited || (event.start === base.start && event.end === base.end)) &&
    (!isBayEdited || event.calendarId === bay.calendarId);
  if (agrees) return bookingChange(event, map, side, rules);
  // A booking has no time of its last change, only the time of its reading. An edit is later only if it was made after the
  // reading. In the booking's new bay, the last change of the event may be our own move.
  const isMovedByUs = isBayEdited && event.calendarId === bay.calendarId;
  const isLater = !isMovedByUs && event.updatedAt !== null && event.updatedAt > side.reading.at;
  if (rules.conflict === 'last-write-wins' && isLater) {
    return carryEdit('conflict', event, map, side, situation, rules);
  }
  return revertEvent('conflict', event, map, side.target, rules);
}

/**
 * docs/decision-table.md#row-13a, #row-13b, #row-14, #row-18 and #row-19: the event is gone. Another name of the bay is no
 * change of the booking.
 */
function decideDeletion(
  reading: EventReading,
  map: BookingEventMap,
  side: BookingSide | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { event } = reading;
  const isAtHome = event.calendarId === map.googleCalendarId;
  const isChanged = side !== null && (side.moved || side.textChanged);
  const record = situation.edits?.find(({ appointmentId }) => appointmentId === situation.appointmentId);
  const isDeleted = isAtHome && (reading.proven || !isOpenMoveToBay(record));
  if (!isChanged && !rules.isOneWay(map.base.bay) && isDeleted && bearsMarks(event, map)) {
    // Nothing is read until the deletion can no longer be undone.
    const grace = carryEdit('event-deleted', event, map, null, situation, rules);
    if (grace.kind === 'wait' || (grace.kind === 'decision' && grace.action.do !== 'cancel-booking')) return grace;
    if (grace.kind === 'observe' && (side === null || grace.target !== 'booking')) return grace;
  }
  if (!reading.proven) return OBSERVE_EVENT;
  if (!side) return OBSERVE_BOOKING;
  if (!isChanged && rules.isOneWay(map.base.bay)) return revertOneWay(event, map, side.target, situation, rules);
  const replacement = decideReplacement(reading, map, side, situation, rules);
  if (replacement) return replacement;
  if (!side.target) return withoutRoute(event, map, rules);
  if (isChanged) return act('conflict-restore', { do: 'restore-event', ...side.target });
  if (!bearsMarks(event, map)) return act('metadata-removed', { do: 'restore-event', ...side.target });
  if (reading.unsearched) return revertEdit('unsupported-edit', event, map, side.target, situation, rules);
  return carryEdit('event-deleted', event, map, side, situation, rules);
}

/**
 * Did the event have our marks when it was last observed alive? A tombstone with content shows it. A minimal tombstone does
 * not, so the map's record counts. After a deletion of ours was begun, neither does.
 */
function bearsMarks(event: CalendarEvent, { flags, uscheduleAppointmentId }: BookingEventMap): boolean {
  if (flags?.deleting) return false;
  if (isMarkedFor(event, uscheduleAppointmentId)) return true;
  const hasContent = !isManaged(event) && (event.start !== null || event.title !== '');
  return !hasContent && flags?.unmarked !== true;
}

const MOVED_UNMARKED = 'the event was moved after its marks were removed: the two sides differ';
const WIPED_SOON = 'its marks were removed soon after our write: no edit of this event changes its booking';
/** A program that removes the marks within this time after our write probably does so every time. */
const WIPED_SOON_MS: number = 10 * MINUTE;

function isWipedSoon({ updatedAt }: CalendarEvent, { eventUpdatedAt }: BookingEventMap): boolean {
  return updatedAt !== null && eventUpdatedAt !== null && updatedAt - eventUpdatedAt < WIPED_SOON_MS;
}

/**
 * docs/decision-table.md#row-19: the booking is not changed. The next write of the booking restores the marks. A started change
 * that the event shows already has ended.
 */
function decideUnmarked(event: CalendarEvent, map: BookingEventMap, side: BookingSide | null, rules: Rules): Verdict {
  if (side && differs(side)) return bookingChange(event, map, side, rules);
  if (!side && map.intent !== null) return OBSERVE_BOOKING;
  const detail = isMoved(event, map) ? MOVED_UNMARKED : isWipedSoon(event, map) ? WIPED_SOON : null;
  if (map.flags?.unmarked && map.intent === null) return quiet('metadata-removed', detail);
  const flags = { ...map.flags, unmarked: true as const };
  return act('metadata-removed', { do: 'store-map', map: { ...map, intent: null, flags } }, detail);
}

/** docs/decision-table.md#row-15, and docs/decision-table.md#row-16 for a text. */
function textChange(event: CalendarEvent, map: BookingEventMap, side: BookingSide | null, rules: Rules): Verdict {
  if (side && differs(side)) return bookingChange(event, map, side, rules);
  // A name of no bay may be that of another installation, which would write it again.
  const named = event.marks.bay === null ? null : rules.routing.ofBay(event.marks.bay);
  const isWrong = named !== null && named.bay !== map.base.bay && map.intent === null;
  const target = isWrong ? targetOfBase(map, rules) : null;
  if (target) {
    const write = marksWrite(event, target.base);
    return act('booking-changed', { do: 'write-event', write }, `its marks named bay ${event.marks.bay}`);
  }
  const flags = flagsOf(event, map.base, map.base);
  const { etag, updatedAt: eventUpdatedAt } = event;
  const { flags: outdated, ...rest } = map;
  const seen = { ...rest, etag, eventUpdatedAt, ...eventLinkOf(event), ...(flags ? { flags } : {}) };
  const isSame = sameTexts(event, map.base);
  if (isSame && outdated === undefined) return inSync(seen, side);
  const stored = { ...seen, intent: side ? null : map.intent };
  return act(isSame ? 'in-sync' : 'text-edited', { do: 'store-map', map: stored });
}
