import type { CalendarEvent } from '../domain/calendar-event.js';
import { isDerivedEventId } from './event-id.js';
import { isMarkedFor, isActiveEvent } from './rules.js';

/**
 * Of several events that bear the same appointment id, the one that is its mirror. The order: one that stands in the
 * calendar before one that does not; an id that we derive before any other; then the smaller id, so that every
 * replica and every run chooses alike. The others are copies (docs/decision-table.md#row-25).
 */
export function chooseMirror(appointmentId: string, events: readonly CalendarEvent[]): CalendarEvent | null {
  const rank = (event: CalendarEvent): number =>
    (isActiveEvent(event) ? 0 : 2) + (isDerivedEventId(event.eventId, appointmentId) ? 0 : 1);
  const ours = events.filter((event) => isMarkedFor(event, appointmentId));
  ours.sort((a, b) => rank(a) - rank(b) || (a.eventId < b.eventId ? -1 : 1));
  return ours[0] ?? null;
}
