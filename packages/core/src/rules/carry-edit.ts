import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import { revertEvent, type BookingSide } from './booking-side.js';
import { decideSlotWait } from './decide-slot-wait.js';
import { act, observe, OBSERVE_BOOKING, quiet, wait, type Reason, type Verdict } from './decision.js';
import { decideHold } from './edit-guard.js';
import { hasSameBase, isCurrent, readEdit } from './edit-record.js';
import { ownTextsOf, type Target } from './event-write.js';
import { isBookable, type Rules } from './rules.js';
import type { BookingReading, Situation } from './situation.js';
import { LONGEST_PAUSE } from './timing.js';

/** A row that applies an edit to the booking. */
type EditReason = Extract<Reason, 'event-moved' | 'event-moved-bay' | 'event-deleted' | 'conflict'>;

/**
 * docs/decision-table.md#row-12 to #row-14 and #row-17: applies an edit of the event to the booking. Conditions: the edit is
 * recorded, the edit guard allows it (docs/decision-table.md#row-21d), it does not wait for a slot that another edit is
 * about to free (docs/decision-table.md#row-21), and the delay of a deletion is over.
 *
 * @param side null if the booking was not read; then only obstacles are returned
 */
export function carryEdit(
  reason: EditReason,
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { edits, now } = situation;
  if (edits === undefined) return observe('edits');
  const { edit, same } = readEdit(event, map, edits, situation, rules);
  const record = same && hasSameBase(same, edit, rules) ? same : null;
  if (!record || !isCurrent(record, now)) return act(reason, { do: 'record-edits', edits: [edit] });
  const refusal = situation.refusal ?? record.refusal ?? null;
  const revertTo = (why: Reason): Verdict =>
    side ? revertEdit(why, event, map, side.target, { ...situation, refusal }, rules) : OBSERVE_BOOKING;
  if (record.state === 'reverted') return revertTo('edit-held');
  if (record.state === 'one-way') return revertTo('one-way');
  if (record.state === 'undelivered') return revertTo('edit-undelivered');
  if (record.state !== 'released') {
    const held = decideHold(record, edits, situation, rules);
    if (held) return held;
  }
  if (record.waitsFor !== null) {
    const waiting = decideSlotWait(record, edits, situation, revertTo);
    if (waiting) return waiting;
  }
  const paused = decidePause(record, now, rules);
  if (paused) return paused;
  return event.state === 'gone'
    ? cancelAfterGrace(record, map, situation, rules)
    : moveBooking(reason, event, map, side, record, situation, rules);
}

/**
 * docs/decision-table.md#row-14. The delay of a deletion starts at its first observation, or again after it was undone and
 * repeated.
 */
function cancelAfterGrace(
  record: EditRecord,
  map: BookingEventMap,
  { now, taskCreatedAt }: Situation,
  rules: Rules,
): Verdict {
  // A time in the future comes from a clock that was corrected since.
  const seenAt = [record.at, taskCreatedAt ?? 0].filter((at) => at <= now);
  const countsAt = Math.max(0, ...seenAt) + rules.deleteGraceMs;
  if (now < countsAt) return wait(countsAt);
  const { uscheduleAppointmentId: appointmentId } = map;
  const canceled = act('event-deleted', {
    do: 'cancel-booking',
    appointmentId,
    because: 'event-deleted',
    intent: null,
  });
  return { ...canceled, record: { ...record, state: 'carried' } };
}

/**
 * The booking moves to the place of its event. The base keeps its text, so that a text change of the booking is still
 * written. An outdated text of ours, of an event that was restored from the trash, becomes the base: it is written later, too.
 */
function moveBooking(
  reason: EditReason,
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide | null,
  record: EditRecord,
  situation: Situation,
  rules: Rules,
): Verdict {
  if (!side) return OBSERVE_BOOKING;
  const bay = rules.routing.ofCalendar(event.calendarId);
  if (!bay || !isBookable(event)) return revertEdit(reason, event, map, side.target, situation, rules);
  const until = ownEditUntil(event, side.reading, situation, rules);
  if (until !== null) return wait(until);
  const texts = ownTextsOf(event, map.base);
  const base = { ...map.base, ...texts, start: event.start, end: event.end, bay: bay.bay };
  return { record: { ...record, state: 'carried' }, ...act(reason, { do: 'reschedule-booking', bay, event, base }) };
}

/**
 * After a crash a recent edit may be our own write, and the reading of the booking that contradicts it may be outdated.
 * The booking is changed only when both cases are excluded.
 *
 * @returns null if both cases are excluded
 */
function ownEditUntil(
  { updatedAt }: CalendarEvent,
  { at }: BookingReading,
  { retried, now, taskCreatedAt = now }: Situation,
  { echoWindowMs }: Rules,
): Instant | null {
  if (!retried || updatedAt === null) return null;
  // An edit in the future: our clock is slow. The edit was made before its task was stored.
  const editedAt = updatedAt > now ? Math.min(taskCreatedAt, now) : updatedAt;
  const until = editedAt + echoWindowMs;
  return at < until && now < until ? until : null;
}

/**
 * Writes the booking's state over an edit, and records it. If a tool repeats the same edit after each revert, the pause
 * before the next revert grows (docs/decision-table.md#row-21b, `edit-war`).
 */
export function revertEdit(
  reason: Reason,
  event: CalendarEvent,
  map: BookingEventMap,
  target: Target | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { edits, now } = situation;
  if (edits === undefined) return observe('edits');
  const { edit, same } = readEdit(event, map, edits, situation, rules);
  const paused = decidePause(edit, now, rules);
  if (paused) return paused;
  const state = reason === 'edit-undelivered' ? 'dead-letter' : 'put-back';
  const record = { ...withOneMoreRevert(edit), at: same?.at ?? now, state, putBackAt: now } as const;
  const undone = { record, ...revertEvent(reason, event, map, target, rules) };
  return situation.refusal ? { refusal: situation.refusal, ...undone } : undone;
}

/**
 * docs/decision-table.md#row-21c: no edit of this bay changes a booking. It is recorded before it is reverted: the direction
 * may become `both` before the revert succeeds.
 */
export function revertOneWay(
  event: CalendarEvent,
  map: BookingEventMap,
  target: Target | null,
  situation: Situation,
  rules: Rules,
): Verdict {
  const { edits } = situation;
  if (edits === undefined) return observe('edits');
  const { edit, same } = readEdit(event, map, edits, situation, rules);
  if (same?.state === 'one-way') return revertEdit('one-way', event, map, target, situation, rules);
  return act('one-way', { do: 'record-edits', edits: [{ ...edit, state: 'one-way' }] });
}

function withOneMoreRevert(edit: EditRecord): EditRecord {
  const { putBacks, putBacksInARow = putBacks } = edit;
  const reverted = { ...edit, putBacks: putBacks + 1 };
  return putBacksInARow > putBacks ? { ...reverted, putBacksInARow: putBacksInARow + 1 } : reverted;
}

/** Describes an edit war. */
export function describeWar({ putBacks, putBacksInARow = 0 }: EditRecord): string {
  return putBacks < WAR_BEGINS
    ? `edits of the event were reverted ${putBacksInARow} times in a row`
    : `the same edit was reverted ${putBacks} times`;
}

/**
 * Returns the time of the next revert of a repeated edit (docs/decision-table.md#row-21b). The pause doubles from the third
 * time on, and from the sixth time on for edits that alternate.
 *
 * @returns null if it is no edit war, or the clock of the last revert was ahead by more than a pause
 */
export function pauseEndsAt(record: EditRecord, now: Instant, { retry }: Rules): Instant | null {
  const { putBacks, putBackAt, putBacksInARow = 0 } = record;
  if (putBackAt === null || (putBacks < WAR_BEGINS && putBacksInARow < ALTERNATING_WAR_BEGINS)) return null;
  const reverts = Math.max(putBacks, putBacksInARow);
  const pauseMs = Math.min(LONGEST_PAUSE * retry.maxMs, retry.baseMs * 2 ** Math.min(reverts, 30));
  return putBackAt > now + pauseMs ? null : putBackAt + pauseMs;
}

/** Number of reverts of the same edit from which it is an edit war. */
const WAR_BEGINS = 2;

/** The same for different edits: a person may try a few slots that are taken. */
const ALTERNATING_WAR_BEGINS = 5;

/** docs/decision-table.md#row-21b. @returns null if the edit is not paused */
function decidePause(record: EditRecord, now: Instant, rules: Rules): Verdict | null {
  const until = pauseEndsAt(record, now, rules);
  if (until === null || now >= until) return null;
  return { ...quiet('edit-war', describeWar(record)), recheckAt: until };
}
