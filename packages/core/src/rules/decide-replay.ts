import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { type BookingSide, differs, isOver } from './booking-side.js';
import { act, observe, quiet, type Verdict } from './decision.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';
import { hasSameBase } from './edit-record.js';

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
  const record = edits.find((edit) => edit.appointmentId === appointmentId);
  if (record?.state !== 'dead-letter' && record?.state !== 'replay') return null;
  const ended = { record: { ...record, state: 'put-back' as const } };
  if (!hasSameBase(record, { ...record, base: map.base }) || differs(side)) {
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
