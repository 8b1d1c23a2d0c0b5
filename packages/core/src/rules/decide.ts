import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { EditRecord } from '../domain/event-record.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import { echoWindowEnd } from './booking-side.js';
import { decideActive } from './decide-active.js';
import { decideCanceled } from './decide-canceled.js';
import { decideRebooking } from './decide-rebooking.js';
import { decideUnmapped } from './decide-unmapped.js';
import { OBSERVE_BOOKING, OBSERVE_EVENT, act, observe, wait, type Verdict } from './decision.js';
import { EDITS_COUNT_MS, endedDecision } from './edit-record.js';
import { isShownBy, type Rules } from './rules.js';
import type { Situation, BookingReading, RefusedChange, EventReading } from './situation.js';
import { successorInSlot } from './successor.js';
import type { Timing } from './timing.js';

/**
 * The table of docs/decision-table.md as one pure function: total, deterministic, without a clock. The rows about changes in
 * progress of this task or of an earlier attempt come first. Then the three blocks of the table follow: no map, map ACTIVE,
 * map CANCELED.
 */
export function decide(situation: Situation, rules: Rules): Verdict {
  const { reread } = situation;
  if (reread?.event) return OBSERVE_EVENT;
  if (reread?.booking) return OBSERVE_BOOKING;
  const { map, now, event, listed = [] } = situation;
  if (event?.proven && isOutdatedRead(event, listed, now, rules)) {
    return { kind: 'wait', until: now + rules.timing.readAgainMs, keeps: listed };
  }
  const past = map && withoutFutureTimes(map, now, rules.timing);
  const edits = situation.edits && withoutFutureEdits(situation.edits, now);
  const isUnchanged = past === map && edits === situation.edits;
  const current = isUnchanged ? situation : { ...situation, map: past, ...(edits && { edits }) };
  return current.refused
    ? decideRefused(current, current.refused, rules, decideObserved)
    : decideObserved(current, rules);
}

function decideObserved(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map?.status === 'ACTIVE' && map.intent?.kind === 'reschedule') {
    return decideBegunReschedule(situation, map, map.intent, rules, decideByMap);
  }
  return decideByMap(situation, rules);
}

function decideByMap(situation: Situation, rules: Rules): Verdict {
  const { map } = situation;
  if (map === null) return decideUnmapped(situation, rules);
  if (map.status !== 'ACTIVE') return decideCanceled(situation, map, rules);
  const verdict = decideActive(situation, map, rules);
  const record = endedDecision(situation, map, rules);
  return record && verdict.kind === 'decision' ? { record, ...verdict } : verdict;
}

/**
 * Returns the map without times in the future: a fast clock stored them and was corrected since. Such writes were made
 * before this round, so no reading of this round is older, and no echo window is open
 * (docs/decision-table.md#echoes-and-loops).
 */
function withoutFutureTimes(map: BookingEventMap, now: Instant, { intentHoldsMs }: Timing): BookingEventMap {
  const { lastSyncedAt, bookingWrittenAt, intent } = map;
  if (Math.max(lastSyncedAt, bookingWrittenAt ?? now, intent?.triedAt ?? now) <= now) return map;
  const triedLongAgo = now - intentHoldsMs;
  return {
    ...map,
    lastSyncedAt: lastSyncedAt > now ? 0 : lastSyncedAt,
    bookingWrittenAt: bookingWrittenAt !== null && bookingWrittenAt > now ? 0 : bookingWrittenAt,
    intent: intent && intent.triedAt > now ? { ...intent, triedAt: triedLongAgo, since: triedLongAgo } : intent,
  };
}

/** The same for the records of edits: an edit of the future no longer waits for a slot, and does not count for the guard. */
function withoutFutureEdits(edits: readonly EditRecord[], now: Instant): readonly EditRecord[] {
  if (!edits.some(({ at }) => at > now)) return edits;
  return edits.map((edit) => (edit.at > now ? { ...edit, at: now - EDITS_COUNT_MS } : edit));
}

/** Decides the same situation without its refused change or its started reschedule. */
type Next = (situation: Situation, rules: Rules) => Verdict;

/**
 * The booking system has refused a change in this round. A repeated cancellation is refused too, and the current reading may
 * be older than our last write to the booking. So the refusal counts (docs/decision-table.md#row-21) only if the booking
 * still exists and there is no other explanation.
 */
export function decideRefused(situation: Situation, refused: RefusedChange, rules: Rules, next: Next): Verdict {
  const { refused: _decided, ...rest } = situation;
  if (situation.booking === undefined) return OBSERVE_BOOKING;
  // If the booking is deleted, a call that did not find it was not refused.
  const gone = refused.error.kind === 'refused' ? { ...rest, refusal: refused.error } : rest;
  if (!exists(situation.booking)) return next(gone, rules);
  if (refused.change === 'cancellation') {
    if (refused.existence === undefined) return observe('existence');
    if (refused.existence === 'gone') {
      return next({ ...gone, booking: { ...situation.booking, status: 'dead', sure: true } }, rules);
    }
  }
  const unsettled = situation.map && untilOwnWriteShows(refused, situation, situation.map, situation.booking, rules);
  return unsettled ?? next({ ...rest, refusal: refused.error }, rules);
}

function exists({ booking, status }: BookingReading): boolean {
  return booking !== null && status !== 'dead';
}

/** @returns null if the reading is not older than our own last write to the booking. */
function untilOwnWriteShows(
  { change }: RefusedChange,
  { retried, taskCreatedAt, now }: Situation,
  map: BookingEventMap,
  { at, booking }: BookingReading,
  rules: Rules,
): Verdict | null {
  const repeated = change === 'cancellation' && retried === true;
  const isNoted = map.bookingWrittenAt !== null && map.bookingWrittenAt >= (taskCreatedAt ?? 0);
  // An earlier attempt may have cancelled the booking. It is recorded as a write of ours, once per task.
  if (repeated && !isNoted) return act('event-deleted', { do: 'note', map: { ...map, bookingWrittenAt: now } });
  const showsAt = echoWindowEnd(map, rules);
  const isOld = repeated || (booking !== null && !isShownBy(map, booking, rules));
  return at < showsAt && isOld ? wait(showsAt) : null;
}

/**
 * Handles a reschedule without a stored result (docs/decision-table.md#crash-safe-writes). If it has taken effect, this is
 * stored first, so that later changes are recognized. A new booking, if there is one, gets the event.
 */
export function decideBegunReschedule(
  situation: Situation,
  map: BookingEventMap,
  intent: SyncIntent,
  rules: Rules,
  next: Next,
): Verdict {
  const { booking, now } = situation;
  if (situation.rebooking?.phase !== 'first' && situation.inSlot === undefined) {
    return observe('reschedule');
  }
  const { inSlot = [] } = situation;
  const successor = intent.successor ?? (booking ? successorInSlot(map, intent, booking, inSlot, rules) : null);
  const isDead = booking?.status === 'dead';
  if (successor === null) {
    if (!isDead && isAt(booking?.booking ?? null, intent, rules))
      return finish(map, intent, map.uscheduleAppointmentId);
    // A refused call has no effect: no other booking replaced this one.
    if (situation.refusal !== null) return untilRefusalCounts(intent, situation, rules) ?? next(situation, rules);
    // The reschedule may have taken effect without being visible. Once it would be visible, the reading counts.
    const showsAt = intent.triedAt + rules.timing.rescheduleShowsMs;
    return now < showsAt ? wait(showsAt) : next(situation, rules);
  }
  if (isDead || rules.reschedule !== 'rebook') return finish(map, intent, successor);
  const exchange = decideRebooking(situation, { ...intent, successor }, rules);
  if (exchange.kind === 'refused') return next({ ...situation, refusal: exchange.error }, rules);
  return exchange.kind === 'finished' ? finish(map, intent, successor) : exchange;
}

/**
 * An earlier attempt of a rebooking has no known result, and its repetition was refused. Its new booking may have the slot and be
 * missing from the list. So if the list shows no booking there, the repetition is tried again (docs/decision-table.md#crash-safe-writes).
 *
 * @returns null if the refusal counts
 */
function untilRefusalCounts(
  { start, bay, since, triedAt }: SyncIntent,
  situation: Situation,
  rules: Rules,
): Verdict | null {
  const { inSlot = [], now } = situation;
  const countsAt = since + rules.timing.intentHoldsMs;
  // Without an attempt, only the slot was searched.
  if (rules.reschedule !== 'rebook' || triedAt === 0 || now >= countsAt) return null;
  const isTaken = inSlot.some(
    (booking) =>
      booking.status !== 'dead' && booking.start === start && rules.routing.ofUnit(booking.resourceUnitId)?.bay === bay,
  );
  return isTaken ? null : wait(Math.min(now + TRY_AGAIN_MS, countsAt));
}

/** Pause between two attempts of a rebooking that was refused although its slot seems to be free. */
const TRY_AGAIN_MS: number = MINUTE;

function finish(map: BookingEventMap, { start, end, bay }: SyncIntent, appointmentId: string): Verdict {
  const base = { ...map.base, start, end, bay };
  return act('event-moved', { do: 'finish-reschedule', appointmentId, base });
}

function isAt(
  booking: Booking | null,
  intent: { readonly start: Instant; readonly end: Instant; readonly bay: string },
  rules: Rules,
): boolean {
  if (booking?.start !== intent.start || booking.end !== intent.end) return false;
  return rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay;
}

/**
 * Does a reading by id show an older state of the event than a list has shown shortly before? The calendar is not consistent
 * yet (docs/decision-table.md#proof-before-a-cancellation): nothing may be concluded, and the event is read again. Versions
 * are compared by the calendar's own times.
 *
 * @param listed the events of the lists that led to this task
 */
export function isOutdatedRead(
  reading: EventReading,
  listed: readonly EventReading[],
  now: Instant,
  { timing }: Rules,
): boolean {
  const { event } = reading;
  return listed.some((earlier) => {
    const age = now - earlier.at;
    if (earlier.event.eventId !== event.eventId || age < 0 || age >= timing.listShowsMs) return false;
    const isOlder = event.updatedAt !== null && event.updatedAt < (earlier.event.updatedAt ?? 0);
    if (earlier.event.state === 'live') {
      // A list has shown the event in another bay's calendar, but the search by id has not found it there yet.
      return isOlder || (event.state === 'gone' && earlier.event.calendarId !== event.calendarId);
    }
    if (earlier.event.calendarId !== event.calendarId) return false;
    // A tombstone may have no time. If the event was restored since, the next list shows it.
    return event.state === 'live' && (isOlder || earlier.event.updatedAt === null);
  });
}
