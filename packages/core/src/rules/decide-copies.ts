import { eventLinkOf, type BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { MINUTE } from '../domain/instant.js';
import { isSamePlace } from '../domain/task.js';
import type { BookingSide } from './booking-side.js';
import { act, observe, OBSERVE_EVENT, quiet, type Verdict } from './decision.js';
import { anyInsertOf, derivedEventId, derivedGeneration, isOurId } from './event-marks.js';
import { fullWrite, flagsOf, marksWrite, ownTextsOf } from './event-write.js';
import {
  isActiveEvent,
  isActiveFor,
  isManaged,
  isMarkedCanceled,
  isMarkedFor,
  isOrdinary,
  isOurAccount,
  type Rules,
} from './rules.js';
import type { EventReading, Situation } from './situation.js';

/** Maximum age of a copy that replaces a deleted mirror (docs/decision-table.md#row-13a). */
const REPLACES_WITHIN_MS: number = 10 * MINUTE;
/** Maximum time in which another installation removes an event of ours as a duplicate. */
const DUPLICATE_WITHIN_MS: number = 10 * MINUTE;

/**
 * docs/decision-table.md#row-7 and #row-25: another event than the map's was observed. A copy is recorded and reported.
 * Nothing is removed except a duplicate under another id that we derive for this appointment: the highest generation in the
 * booking's bay is kept.
 */
export function decideOtherEvent(
  situation: Situation,
  reading: EventReading,
  map: BookingEventMap,
  rules: Rules,
): Verdict {
  const { event } = reading;
  const { appointmentId } = situation;
  if (event.state === 'gone' || !isManaged(event)) return quiet('not-managed');
  if (!isMarkedFor(event, appointmentId)) {
    if (situation.markedFor === undefined) return observe('marked-for');
    if (!isOfEarlierAppointment(event, situation)) return quiet('not-managed');
  }
  const detail = `event ${event.eventId} of ${event.calendarId} is a copy of ${map.googleEventId}`;
  const copy = act('copy', { do: 'record-copy', copy: event }, detail);
  if (generationOf(event, situation, rules) === null) return copy;
  if (situation.mirror === undefined) return observe('mirror');
  return removeDuplicate(reading, situation.mirror, map, situation, rules) ?? copy;
}

/**
 * docs/decision-table.md#row-25: a duplicate of the mirror was observed, under another id that we derive or under its own id in
 * another bay's calendar. The mirror is read before either is removed, and the other event before it replaces the mirror.
 *
 * @returns null if there is none
 */
export function decideDuplicates(situation: Situation, map: BookingEventMap, rules: Rules): Verdict | null {
  const { event, others = [] } = situation;
  for (const other of others) {
    if (event && isSamePlace(event.event, other.event)) continue;
    if (generationOf(other.event, situation, rules) === null) continue;
    const isMirrorRead = event?.proven === true && event.event.eventId === map.googleEventId;
    const mirror = isMirrorRead ? event : situation.mirror;
    if (mirror === undefined) return observe('mirror');
    // The mirror was moved to that calendar.
    if (isSamePlace(mirror.event, other.event)) return OBSERVE_EVENT;
    const verdict = removeDuplicate(other, mirror, map, situation, rules);
    if (verdict) return verdict;
  }
  return null;
}

/** The booking had this id before it was rescheduled, and the old record is dead: the event was restored from the trash. */
export function isOfEarlierAppointment({ marks }: CalendarEvent, { markedFor }: Situation): boolean {
  const isIt = markedFor !== undefined && markedFor.appointmentId === marks.appointmentId;
  return isIt && markedFor.existence === 'gone' && (markedFor.map?.supersededBy ?? null) !== null;
}

/**
 * Returns the generation of an active event that our account made under an id of ours; null if it is no such event. An id
 * that we derived for the appointment before its present id ranks below every generation of the present one.
 */
function generationOf(event: CalendarEvent, situation: Situation, rules: Rules): number | null {
  const { appointmentId } = situation;
  const isMarked = isMarkedFor(event, appointmentId) || isOfEarlierAppointment(event, situation);
  const isDuplicate = isMarked && isActiveEvent(event) && isOrdinary(event);
  const isOurs = isDuplicate && isOurAccount(event, situation, rules) && isOurId(event.eventId, appointmentId);
  return isOurs ? (derivedGeneration(event.eventId, appointmentId) ?? -1) : null;
}

/**
 * Of two duplicates, the highest generation in the booking's bay is kept. If a user's copy has replaced the mirror, the
 * copy is kept, and events that our account created later are removed; but not while the copy has no marks, because another
 * installation does not see it, and would take the removal for a deletion.
 *
 * @returns null if they are no duplicates: the former mirror was restored from the trash
 */
function removeDuplicate(
  reading: EventReading,
  { event: mirror, at: mirrorReadAt }: EventReading,
  map: BookingEventMap,
  situation: Situation,
  rules: Rules,
): Verdict | null {
  const { event } = reading;
  const generation = generationOf(event, situation, rules);
  if (generation === null || mirror.state === 'gone') return null;
  const home = rules.routing.ofBay(map.base.bay ?? '')?.calendarId ?? map.googleCalendarId;
  const ofMirror = derivedGeneration(mirror.eventId, situation.appointmentId) ?? -1;
  const isPersons = !isOurAccount(mirror, situation, rules);
  // Another installation has cancelled the mirror as the event of a former id of the booking, and has made its own.
  const isCanceled = isMarkedCanceled(mirror);
  if (isPersons && (isCanceled || !isManaged(mirror) || !isMadeAfter(event, mirror))) return null;
  const isBetter = !isPersons && (isCanceled || rank(event, home, generation) > rank(mirror, home, ofMirror));
  if (!isBetter) return removal(event, mirror, null);
  // A list may be older than the reading of the mirror: a person may have moved or deleted the other event since.
  if (!reading.proven || reading.at < mirrorReadAt) return observe('others');
  const { start, end } = event;
  // The content of another installation's event may be outdated: it becomes the base, and the booking is written later.
  const times = start === null || end === null ? {} : { start, end };
  const other = withMirror(map, event);
  const base = { ...other.base, ...times };
  const { calendarId: googleCalendarId, etag, updatedAt: eventUpdatedAt } = event;
  return removal(mirror, event, { ...other, base, googleCalendarId, etag, eventUpdatedAt, ...eventLinkOf(event) });
}

function removal(event: CalendarEvent, kept: CalendarEvent, mirrorMap: BookingEventMap | null): Verdict {
  const detail = `event ${event.eventId} of ${event.calendarId} is a duplicate of ${kept.eventId} of ${kept.calendarId}`;
  return act('copy', { do: 'remove-copy', event, mirrorMap }, detail);
}

/**
 * Was the event inserted after the mirror? The id of the insert shows it, because an event that our account restored from
 * the trash keeps its first creation time.
 */
function isMadeAfter({ createdAt, marks }: CalendarEvent, mirror: CalendarEvent): boolean {
  if (createdAt === null || mirror.createdAt === null) return false;
  return Math.max(createdAt, anyInsertOf(marks.write)?.task ?? createdAt) > mirror.createdAt;
}

/**
 * docs/decision-table.md#row-25a: the calendar system cannot move events, and an earlier attempt may have created the new
 * event without deleting the old one.
 *
 * @returns null if there is no such event
 */
export function decideLeftEvent(situation: Situation, map: BookingEventMap, rules: Rules): Verdict | null {
  if (rules.canMoveEvents || situation.retried !== true) return null;
  if (situation.copies === undefined) return observe('copies');
  for (const copy of situation.copies) {
    const verdict = decideOtherEvent(situation, copy, map, rules);
    if (verdict.kind === 'observe') return verdict;
    if (verdict.kind === 'decision' && verdict.action.do === 'remove-copy') return verdict;
  }
  return null;
}

function rank(event: CalendarEvent, home: string, generation: number): number {
  return (event.calendarId === home ? 1e6 : 0) + generation;
}

/**
 * docs/decision-table.md#row-13a and #row-13b: the mirror is deleted, and other events have its marks. An event that a user
 * created just before becomes the mirror, and its place counts as the edit. Otherwise one of the copies becomes the mirror
 * and shows the booking.
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
  const { copies, now, derived, appointmentId, listed = [] } = situation;
  if (copies === undefined) return observe('copies');
  // Another installation may have created an event that no sync has listed yet, and removed the map's as a duplicate of it.
  const goneAt = reading.event.updatedAt ?? reading.at;
  const isSoon = goneAt - map.lastSyncedAt < DUPLICATE_WITHIN_MS;
  // After a restore from a backup lists show an event of ours that had replaced the map's. It may have lost its marks.
  const isReplaced = listed.some(
    ({ event: { eventId } }) => eventId !== map.googleEventId && derivedGeneration(eventId, appointmentId) !== null,
  );
  const mayBeMade = isSoon || isReplaced || map.googleEventId !== derivedEventId(appointmentId);
  if (mayBeMade && derived === undefined) return observe('derived');
  const made = mayBeMade && isDoubleOf(map, derived, isReplaced) ? [derived] : [];
  const all = [...made, ...copies.filter(({ event }) => !made.some((reading) => isSamePlace(reading.event, event)))];
  const active = all.filter(({ event }) => isOrdinary(event) && (event.end === null || event.end > now));
  const [only] = active;
  if (!only) return null;
  if (active.length === 1 && !side.moved && replaces(only, reading, situation, rules)) {
    const { calendarId, eventId, etag, updatedAt } = only.event;
    const moved = { ...withMirror(map, only.event), etag: '', eventUpdatedAt: null };
    const detail = `event ${eventId} of ${calendarId}, version ${etag} of ${updatedAt ?? 'an unknown time'}`;
    return act('event-replaced', { do: 'note', map: moved, event: only }, detail);
  }
  if (!side.target) return null;
  const { target } = side;
  const byAge = active.toSorted((a, b) => (b.event.createdAt ?? 0) - (a.event.createdAt ?? 0));
  const { event } = byAge.find((copy) => copy.event.calendarId === target.bay.calendarId) ?? byAge[0] ?? only;
  const detail = `event ${event.eventId} of ${event.calendarId} replaces ${map.googleEventId}`;
  const shown = fullWrite(event, target);
  // A copy that was made before the booking got its present id gets the marks of that id.
  const isMarked = isMarkedFor(event, appointmentId);
  const write = isMarked ? shown : { ...marksWrite(event, target.base), ...shown, stamp: true as const };
  return act('copy-adopted', { do: 'adopt-event', event, write, base: target.base }, detail);
}

/** Another event becomes the mirror. Its texts of ours that differ from the last agreement are still to be written. */
function withMirror({ flags: _ofFormer, ...map }: BookingEventMap, event: CalendarEvent): BookingEventMap {
  const flags = flagsOf(event, map.base, map.base);
  const base = { ...map.base, ...ownTextsOf(event, map.base) };
  return { ...map, googleEventId: event.eventId, base, intent: null, ...(flags ? { flags } : {}) };
}

/** Does an active event with the appointment's marks exist under the id that we derive? `orUnmarked`: or without any marks. */
function isDoubleOf(
  { uscheduleAppointmentId }: BookingEventMap,
  derived: EventReading | null | undefined,
  orUnmarked: boolean,
): derived is EventReading {
  const event = derived?.event;
  if (event === undefined) return false;
  const isUnmarked = isActiveEvent(event) && event.marks.appointmentId === null;
  return isActiveFor(event, uscheduleAppointmentId) || (orUnmarked && isUnmarked);
}

/** Did a user create the copy within the ten minutes before the mirror was deleted? */
function replaces({ event }: EventReading, gone: EventReading, situation: Situation, rules: Rules): boolean {
  if (isOurAccount(event, situation, rules) || event.createdAt === null) return false;
  const goneAt = gone.event.updatedAt ?? gone.at;
  return event.createdAt <= goneAt && goneAt - event.createdAt <= REPLACES_WITHIN_MS;
}
