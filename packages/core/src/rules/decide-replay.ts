import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Slot } from '../domain/content.js';
import { HOUR, type Instant } from '../domain/instant.js';
import { differs, isOver, type BookingSide } from './booking-side.js';
import { act, observe, quiet, type Verdict } from './decision.js';
import { hasSameBase, withPresentBay } from './edit-record.js';
import { isMoved, type Rules } from './rules.js';
import type { Situation } from './situation.js';

/**
 * docs/decision-table.md#row-21a, the replay of an edit that could not be delivered, was reverted, and is kept in a dead
 * letter. It is applied if the booking still equals its base; otherwise its record ends.
 *
 * @returns null if there is no such edit
 */
export function decideReplay(
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): Verdict | null {
  if (situation.replayed !== true) return null;
  const { edits, appointmentId } = situation;
  if (edits === undefined) return observe('edits');
  const stored = edits.find((edit) => edit.appointmentId === appointmentId);
  // A retry that no person requested finds the edit in the state `dead-letter`.
  if (stored?.state !== 'replay') return null;
  const record = withPresentBay(stored, map, rules) ?? stored;
  const ended = { record: { ...record, state: 'put-back' as const } };
  if (!hasSameBase(record, map, rules) || differs(side)) {
    const detail = 'the booking has changed since the edit was made: it is not carried out';
    return { ...quiet('edit-undelivered', detail), ...ended };
  }
  if (isOver(situation, map)) return { ...quiet('past', 'the visit is over: the edit is not carried out'), ...ended };
  if (rules.isOneWay(record.bay) || rules.isOneWay(record.toBay)) {
    const detail = 'the calendars of this bay change no booking: the edit is not carried out';
    return { ...quiet('one-way', detail), ...ended };
  }
  const carried = { ...record, state: 'carried' as const };
  if (record.change === 'deleted') {
    const cancel = act('event-deleted', {
      do: 'cancel-booking',
      appointmentId,
      because: 'event-deleted',
      intent: null,
    });
    return { ...cancel, record: carried };
  }
  if (record.end <= situation.now) {
    return { ...quiet('past', 'the time it was moved to is over: the edit is not carried out'), ...ended };
  }
  const bay = rules.routing.ofBay(record.toBay);
  if (!bay) return { ...quiet('edit-undelivered', `bay ${record.toBay} is not configured any more`), ...ended };
  const base = { ...map.base, start: record.start, end: record.end, bay: bay.bay };
  const reason = record.toBay === record.bay ? 'event-moved' : 'event-moved-bay';
  return { ...act(reason, { do: 'reschedule-booking', bay, event, base }), record: carried };
}

/**
 * docs/decision-table.md#row-21a: a task of the appointment is complete. Can the edit of its dead letter still be executed? It
 * can until its booking changes or is over.
 *
 * @returns why it cannot, as a sentence; null if it can
 */
export function whyReplayEnded(
  record: EditRecord,
  map: BookingEventMap | null,
  now: Instant,
  rules: Rules,
): string | null {
  if (map === null || map.supersededBy !== null || map.status !== 'ACTIVE') {
    return 'the booking is cancelled or has another id: the edit of its dead letter is not carried out';
  }
  const present = withPresentBay(record, map, rules) ?? record;
  if (!hasSameBase(present, map, rules)) {
    return 'the booking has changed since the edit was made: the edit of its dead letter is not carried out';
  }
  return map.base.end <= now ? 'the visit is over: the edit of its dead letter is not carried out' : null;
}

/** The states of an edit that has to be resolved before a change of its booking can be undone. */
const PREVENTS_UNDO: ReadonlySet<EditRecord['state']> = new Set([
  'held',
  'released',
  'reverted',
  'undelivered',
  'dead-letter',
  'replay',
]);

function preventsUndo({ state }: EditRecord): boolean {
  return PREVENTS_UNDO.has(state);
}

/**
 * docs/decision-table.md#row-21e: returns the record of the request to undo a change, or why it cannot be undone.
 *
 * @param leftAt the place of the booking after the change: it must still be there
 * @param backTo the place before the change
 * @param edits the records of the appointment's edits
 */
export function undoOf(
  map: BookingEventMap | null,
  leftAt: Slot,
  backTo: Slot,
  { edits, hasDeadLetter }: { readonly edits: readonly EditRecord[]; readonly hasDeadLetter: boolean },
  now: Instant,
): EditRecord | 'busy' | 'changed' {
  if (map?.status !== 'ACTIVE' || map.supersededBy !== null) return 'changed';
  const { uscheduleAppointmentId: appointmentId, base, intent } = map;
  const { start, end, bay } = base;
  if (start !== leftAt.start || end !== leftAt.end || bay !== leftAt.bay) return 'changed';
  if (hasDeadLetter || intent !== null || edits.some(preventsUndo)) return 'busy';
  return {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: now,
    bay: bay ?? '',
    change: 'moved',
    start: backTo.start,
    end: backTo.end,
    toBay: backTo.bay ?? '',
    base: { start, end, bay },
    customerName: base.title,
    state: 'undo',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
}

/** Lifetime of a request to undo a change. After an hour the user may have made other changes. */
const UNDO_COUNTS_MS: number = HOUR;

/**
 * docs/decision-table.md#row-21e. An administrator asked to undo a change: the booking moves back to its earlier place, if
 * both sides are unchanged since. Otherwise the request is dropped, and the round continues.
 *
 * @returns null if no such request is open
 */
export function decideUndo(
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): Verdict | null {
  const { edits, appointmentId, refusal, replayed } = situation;
  if (replayed !== true) return null;
  if (edits === undefined) return observe('edits');
  const stored = edits.find((edit) => edit.appointmentId === appointmentId);
  if (stored?.state !== 'undo') return null;
  const record = withPresentBay(stored, map, rules) ?? stored;
  const dropped = { ...record, state: 'put-back' as const };
  if (refusal) return { ...quiet('change-undone', `it was refused: ${refusal.message}`), record: dropped, refusal };
  const obstacle = obstacleTo(record, event, map, side, situation, rules);
  const bay = rules.routing.ofBay(record.toBay);
  if (obstacle !== null || !bay) {
    const why = obstacle ?? `bay ${record.toBay} is not configured any more`;
    return act('change-undone', { do: 'record-edits', edits: [dropped] }, why);
  }
  const base = { ...map.base, start: record.start, end: record.end, bay: bay.bay };
  return {
    ...act('change-undone', { do: 'reschedule-booking', bay, event, base }),
    record: { ...record, state: 'carried' },
  };
}

/** @returns why the change cannot be undone, as a sentence; null if it can */
function obstacleTo(
  record: EditRecord,
  event: CalendarEvent,
  map: BookingEventMap,
  side: BookingSide,
  situation: Situation,
  rules: Rules,
): string | null {
  const { now } = situation;
  if (now - record.at > UNDO_COUNTS_MS) return 'it was asked for more than an hour ago';
  if (differs(side) || isMoved(event, map) || !hasSameBase(record, map, rules)) {
    return 'the appointment is not as that change left it any more';
  }
  if (isOver(situation, map)) return 'the visit is over';
  if (record.end <= now) return 'the time before the change is over';
  if (rules.isOneWay(record.bay) || rules.isOneWay(record.toBay)) return 'the calendars of this bay change no booking';
  return null;
}
