import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { compareContent, sameText, sameTexts } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';
import type { Verdict } from './decision.js';
import { mirrorWrite, type Target } from './event-write.js';
import { textsOf } from './intent-kind.js';
import { isBookable, isKnownVersion, isManaged, type Rules } from './rules.js';
import type { BookingReading, EventReading, Situation } from './situation.js';
import { act, echoWindowEnd, OBSERVE_BOOKING, OBSERVE_EVENT, notTheMirror, quiet, wait } from './verdicts.js';

/** What the booking asks for, next to the base. `null` target: its unit has no route. */
interface BookingSide {
  readonly reading: BookingReading;
  readonly target: Target | null;
  /** Time or bay differ from the base. */
  readonly moved: boolean;
  readonly textChanged: boolean;
}

/** docs/decision-table.md#row-8 to #row-21, #row-25 and #row-26: the map is ACTIVE. */
export function decideActive(situation: Situation, map: BookingEventMap, rules: Rules): Verdict {
  const { event, now, refusal } = situation;
  if (event && event.event.eventId !== map.googleEventId) return notTheMirror(event.event, situation.appointmentId);
  if (isOver(situation, map)) return quiet('past');

  const news = event !== null && !isKnownVersion(event.event, map);
  if (situation.booking && situation.booking.at < map.lastSyncedAt) return OBSERVE_BOOKING;
  if (news && event.at < map.lastSyncedAt) return OBSERVE_EVENT;
  const settledAt = map.lastSyncedAt + rules.echoWindowMs;
  if (news && now < settledAt && isOlderVersion(event.event, map)) return wait(settledAt);

  const side = situation.booking && bookingSide(situation.booking, map, rules);
  const closesAt = echoWindowEnd(map, rules);
  if (side && refusal === null && differs(side) && side.reading.at < closesAt) {
    // The other side may still have served its old answer. An edit of the event does not wait for that, unless there
    // is no booking to carry it to; all else does, and then it is read once more.
    if (now >= closesAt) return OBSERVE_BOOKING;
    if (!news || side.reading.booking === null) return wait(closesAt);
    return eventNews(
      event,
      map,
      { ...side, target: targetOfBase(map, rules), moved: false, textChanged: false },
      situation,
      rules,
    );
  }
  if (side && side.reading.life === 'dead') {
    return act('booking-cancelled', { do: 'cancel-event', event: event?.event ?? null });
  }
  if (refusal !== null && event) {
    if (!side) return OBSERVE_BOOKING;
    const undone = putBack('edit-refused', event.event, map, side, rules);
    return undone.kind === 'decision' ? { ...undone, refusal } : undone;
  }
  if (news) return eventNews(event, map, side, situation, rules);
  if (!side) return event ? quiet('in-sync') : OBSERVE_BOOKING;
  return bookingNews(null, map, side, rules);
}

/** docs/decision-table.md#row-26. A booking that was moved out of the past is not over. */
function isOver({ booking, historyBefore }: Situation, map: BookingEventMap): boolean {
  if (map.base.end > historyBefore) return false;
  return !(booking?.booking && booking.life !== 'dead' && booking.booking.end > historyBefore);
}

/** A version before the one we know: the other side serves an old answer. */
function isOlderVersion(event: CalendarEvent, map: BookingEventMap): boolean {
  return event.updatedAt !== null && map.eventUpdatedAt !== null && event.updatedAt < map.eventUpdatedAt;
}

/** What of an event is no person's doing: we were writing it ourselves when we were interrupted. */
interface OwnWrite {
  readonly time: boolean;
  readonly bay: boolean;
  readonly title: boolean;
  readonly description: boolean;
}

const NOTHING_OWN: OwnWrite = { time: false, bay: false, title: false, description: false };

function ownWrite(event: CalendarEvent, { intent, base, googleCalendarId }: BookingEventMap, rules: Rules): OwnWrite {
  if (event.state === 'gone' || intent === null || intent.kind === 'reschedule') return NOTHING_OWN;
  const there = rules.routing.ofBay(intent.bay)?.calendarId === event.calendarId;
  const then = event.start === intent.start && event.end === intent.end;
  const changed = event.start !== base.start || event.end !== base.end;
  const writes = textsOf(intent.kind);
  const later = event.updatedAt !== null && event.updatedAt > intent.triedAt + rules.timing.writeArrivesMs;
  return {
    time: then && changed && !later,
    bay: there && event.calendarId !== googleCalendarId,
    title: writes.title && !later && !sameText(event.title, base.title),
    description: writes.description && !later && !sameText(event.description, base.description),
  };
}

/** Our own write has put it where the booking is not, by now. */
function isMisplaced(event: CalendarEvent, own: OwnWrite, target: Target): boolean {
  const { start, end } = target.base;
  return (
    (own.bay && event.calendarId !== target.bay.calendarId) ||
    (own.time && (event.start !== start || event.end !== end))
  );
}

function bookingSide(reading: BookingReading, map: BookingEventMap, rules: Rules): BookingSide {
  if (reading.booking === null || reading.life === 'dead') {
    return { reading: { ...reading, life: 'dead' }, target: null, moved: true, textChanged: false };
  }
  const target = rules.routed(reading.booking);
  if (!target) return { reading, target, moved: true, textChanged: false };
  const difference = compareContent(map.base, target.base);
  return {
    reading,
    target,
    moved: difference.time || target.bay.calendarId !== map.googleCalendarId,
    textChanged: difference.text,
  };
}

function differs(side: BookingSide): boolean {
  return side.moved || side.textChanged;
}

/** The booking as we last wrote it. null: its bay was taken out of the settings. */
function targetOfBase(map: BookingEventMap, rules: Rules): Target | null {
  const bay = rules.routing.ofCalendar(map.googleCalendarId);
  return bay && { bay, base: { ...map.base, bay: bay.bay } };
}

/**
 * docs/decision-table.md#row-8 to #row-10, and the writing half of others: the event has no news, or none that the
 * booking does not have.
 */
function bookingNews(event: CalendarEvent | null, map: BookingEventMap, side: BookingSide, rules: Rules): Verdict {
  if (!differs(side)) return inSync(map, side);
  if (!side.target) return withoutRoute(event, map, rules);
  const write = mirrorWrite(map, event, side.target);
  if (!write) return act('converged', { do: 'store-map', map: agreed(map, event, side.target) });
  return act(write.moveTo === null ? 'booking-changed' : 'booking-moved-bay', { do: 'write-event', write });
}

/** docs/decision-table.md#row-8. A change that was begun and shows on neither side is over. */
function inSync(map: BookingEventMap, side: BookingSide | null): Verdict {
  if (side === null || map.intent === null) return quiet('in-sync');
  return act('in-sync', { do: 'store-map', map: { ...map, intent: null } });
}

/** The booking went to a unit that is not ours: its event may not stay. A calendar that is not ours is not touched. */
function withoutRoute(event: CalendarEvent | null, map: BookingEventMap, rules: Rules): Verdict {
  if (!rules.routing.ofCalendar(map.googleCalendarId)) {
    return quiet('no-route', 'neither its unit nor its calendar is configured');
  }
  return act('booking-moved-bay', { do: 'cancel-event', event });
}

/** docs/decision-table.md#row-12 to #row-20: the event is not as we left it. `side` null: the booking was not read. */
function eventNews(
  reading: EventReading,
  map: BookingEventMap,
  read: BookingSide | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { event } = reading;
  const own = ownWrite(event, map, rules);
  const ownText = own.title || own.description;
  if ((own.time || own.bay || ownText) && !read) return OBSERVE_BOOKING;
  const misplaced = read?.target ? isMisplaced(event, own, read.target) : false;
  const side = read && misplaced ? { ...read, moved: true } : read;
  if (event.state === 'gone') {
    if (!reading.proven) return OBSERVE_EVENT;
    if (!side) return OBSERVE_BOOKING;
    if (!differs(side)) {
      const { uscheduleAppointmentId: appointmentId } = map;
      return act('event-deleted', { do: 'cancel-booking', appointmentId, because: 'event-deleted', intent: null });
    }
    if (!side.target) return withoutRoute(event, map, rules);
    return act('conflict-restore', { do: 'restore-event', ...side.target });
  }
  if (!isManaged(event)) {
    return side && differs(side) ? bookingNews(event, map, side, rules) : quiet('metadata-removed');
  }
  if (!isBookable(event)) {
    if (!side) return OBSERVE_BOOKING;
    return putBack(side.moved ? 'conflict' : 'unsupported-edit', event, map, side, rules);
  }
  const timeEdited = !own.time && (event.start !== map.base.start || event.end !== map.base.end);
  const bayEdited = !own.bay && event.calendarId !== map.googleCalendarId;
  if (!timeEdited && !bayEdited) {
    // Of a text that we wrote, nothing is a person's: all of it follows the booking, whatever that says by now.
    if (ownText && side) return bookingNews(event, asShown(map, event, own), { ...side, textChanged: true }, rules);
    return textNews(event, map, side, rules);
  }
  if (!side) return OBSERVE_BOOKING;
  // The same id alive in two calendars is a copy; only one that left its calendar has moved.
  if (bayEdited && !reading.proven) return OBSERVE_EVENT;
  const sayable = !timeEdited || (rules.isSayable(event.start) && rules.isSayable(event.end));
  if (!side.moved) {
    if (!sayable) return putBack('unsupported-edit', event, map, side, rules);
    return follow(bayEdited ? 'event-moved-bay' : 'event-moved', event, map, side, situation, rules);
  }

  if (!side.target) return withoutRoute(event, map, rules);
  const agrees =
    (!timeEdited || (event.start === side.target.base.start && event.end === side.target.base.end)) &&
    (!bayEdited || event.calendarId === side.target.bay.calendarId);
  if (agrees) return bookingNews(event, map, side, rules);
  // A booking does not say when it changed, only that it had changed when it was read: an edit is later only if it
  // was made after that. Where the event is in the booking's new bay, the last change may have been our own move.
  const movedByUs = misplaced || (bayEdited && event.calendarId === side.target.bay.calendarId);
  const editedLater = !movedByUs && event.updatedAt !== null && event.updatedAt > side.reading.at;
  if (rules.conflict === 'last-write-wins' && editedLater && sayable)
    return follow('conflict', event, map, side, situation, rules);
  return putBack('conflict', event, map, side, rules);
}

/** The map as if both sides had agreed on those texts of the event that we wrote. */
function asShown(map: BookingEventMap, { title, description }: CalendarEvent, own: OwnWrite): BookingEventMap {
  const texts = { ...(own.title ? { title } : {}), ...(own.description ? { description } : {}) };
  return { ...map, base: { ...map.base, ...texts } };
}

/** docs/decision-table.md#row-15, and docs/decision-table.md#row-16 for a text. */
function textNews(event: CalendarEvent, map: BookingEventMap, side: BookingSide | null, rules: Rules): Verdict {
  if (side && differs(side)) return bookingNews(event, map, side, rules);
  if (sameTexts(event, map.base)) return inSync(map, side);
  const intent = side ? null : map.intent;
  const { etag, updatedAt: eventUpdatedAt } = event;
  return act('text-edited', { do: 'store-map', map: { ...map, etag, eventUpdatedAt, intent } });
}

/** The booking goes where its event is. The base keeps its text: a text the booking has changed is still to be written. */
function follow(
  reason: 'event-moved' | 'event-moved-bay' | 'conflict',
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): Verdict {
  const bay = rules.routing.ofCalendar(event.calendarId);
  if (!bay || !isBookable(event)) return putBack(reason, event, map, side, rules);
  const until = ownEditUntil(event, side.reading, situation, rules);
  if (until !== null) return wait(until);
  const base = { ...map.base, start: event.start, end: event.end, bay: bay.bay };
  return act(reason, { do: 'reschedule-booking', bay, event, base });
}

/**
 * After a crash an edit of the last moments may be our own write, and the reading of the booking that speaks against it an
 * old answer: until that can no longer be, nothing is done to the booking.
 *
 * @returns null if that cannot be
 */
function ownEditUntil(
  { updatedAt }: CalendarEvent,
  { at }: BookingReading,
  { retried, now }: Situation,
  { echoWindowMs }: Rules,
): Instant | null {
  if (!retried || updatedAt === null) return null;
  const until = updatedAt + echoWindowMs;
  return at < until && now < until ? until : null;
}

/** Writes the booking's state over the event, or brings it back. */
function putBack(
  reason: 'edit-refused' | 'unsupported-edit' | 'conflict' | 'event-moved' | 'event-moved-bay',
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide,
  rules: Rules,
): Verdict {
  if (!side.target) return withoutRoute(event, map, rules);
  if (event.state === 'gone') return act(reason, { do: 'restore-event', ...side.target });
  const write = mirrorWrite(map, event, side.target);
  if (write) return act(reason, { do: 'write-event', write });
  return act(reason, { do: 'store-map', map: agreed(map, event, side.target) });
}

/** The map after both sides were seen to say the same. */
function agreed(map: BookingEventMap, event: CalendarEvent | null, target: Target): BookingEventMap {
  return {
    ...map,
    base: target.base,
    googleCalendarId: event?.calendarId ?? map.googleCalendarId,
    etag: event?.etag ?? map.etag,
    eventUpdatedAt: event?.updatedAt ?? map.eventUpdatedAt,
    intent: null,
  };
}
