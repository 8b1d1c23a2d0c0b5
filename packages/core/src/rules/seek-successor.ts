import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Verdict } from './decision.js';
import { isBookable, isMarkedFor, type Rules } from './rules.js';
import type { Situation } from './situation.js';
import { act } from './verdicts.js';

/**
 * Checks the slot of a moved event whose booking is dead or may not be moved. Another installation with its own store may
 * have applied that edit: then a successor of the booking occupies the slot, and the event belongs to it. So the slot is
 * read before any other decision, as for a reschedule of this installation (docs/decision-table.md#row-11 and #row-21).
 *
 * @returns null if the event was not moved, or the slot was read in this round
 */
export function seekSuccessor(
  event: CalendarEvent,
  map: BookingEventMap,
  { appointmentId, inSlot, now }: Situation,
  rules: Rules,
): Verdict | null {
  if (rules.reschedule === 'off' || inSlot !== undefined || map.intent?.kind === 'reschedule') return null;
  const bay = rules.routing.ofCalendar(event.calendarId);
  if (!bay || event.state === 'gone' || !isBookable(event) || !isMarkedFor(event, appointmentId)) return null;
  const { start, end } = event;
  if (start === map.base.start && end === map.base.end && event.calendarId === map.googleCalendarId) return null;
  const since = Math.min(map.lastSyncedAt, now);
  const intent = { kind: 'reschedule', start, end, bay: bay.bay, since, triedAt: 0, successor: null } as const;
  return act('event-moved', { do: 'note', map: { ...map, intent } });
}
