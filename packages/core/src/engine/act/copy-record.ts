import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { CopyRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';

/** The record of a copy as it was seen (docs/decision-table.md#row-25). */
export function copyOf(appointmentId: string, event: CalendarEvent, at: Instant): CopyRecord {
  const { calendarId, eventId, start, end, title, description, creatorEmail, createdAt } = event;
  const id = `${calendarId} ${eventId}`;
  return {
    kind: 'copy',
    id,
    appointmentId,
    at,
    calendarId,
    eventId,
    start,
    end,
    title,
    description,
    creatorEmail,
    createdAt,
  };
}
