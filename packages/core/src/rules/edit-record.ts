import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';
import { LONGEST_PAUSE } from './timing.js';

/** Returns the record of a newly observed edit: the event is deleted, or its place differs from the base. */
export function editOf(
  event: CalendarEvent,
  map: BookingEventMap,
  { now, booking }: Pick<Situation, 'now' | 'booking'>,
  rules: Rules,
): EditRecord {
  const { base, uscheduleAppointmentId: appointmentId } = map;
  const isGone = event.state === 'gone';
  return {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: now,
    bay: base.bay ?? '',
    change: isGone ? 'deleted' : 'moved',
    start: (isGone ? null : event.start) ?? base.start,
    end: (isGone ? null : event.end) ?? base.end,
    toBay: (isGone ? null : rules.routing.ofCalendar(event.calendarId)?.bay) ?? base.bay ?? '',
    base: { start: base.start, end: base.end, bay: base.bay },
    customerName: booking?.booking?.customerName ?? base.title,
    state: 'seen',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
}

/** Do two records describe the same state of an event? */
export function isSameEdit(a: EditRecord, b: EditRecord): boolean {
  return a.change === b.change && a.start === b.start && a.end === b.end && a.toBay === b.toBay;
}

/** Was the edit made on the same content? */
export function hasSameBase(a: EditRecord, b: EditRecord): boolean {
  return a.base.start === b.base.start && a.base.end === b.base.end && a.base.bay === b.base.bay;
}

/**
 * Returns the time of the next revert of a repeated edit (docs/decision-table.md#row-21b). The pause doubles from the third
 * time on.
 *
 * @returns null if it is no edit war, or the clock of the last revert was ahead by more than a pause
 */
export function pauseEndsAt({ putBacks, putBackAt }: EditRecord, now: Instant, { retry }: Rules): Instant | null {
  if (putBackAt === null || putBacks < WAR_BEGINS) return null;
  const pauseMs = Math.min(LONGEST_PAUSE * retry.maxMs, retry.baseMs * 2 ** Math.min(putBacks, 30));
  return putBackAt > now + pauseMs ? null : putBackAt + pauseMs;
}

/** Number of reverts of the same edit from which it is an edit war. */
const WAR_BEGINS = 2;
