import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Content } from '../../domain/content.js';
import type { CopyRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { EventRef } from '../../domain/task.js';

/** Returns the record of an observed copy (docs/decision-table.md#row-25). */
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

/** The record of a mirror that stays where it cannot be read: in a calendar that belongs to no bay any more. */
export function unreadCopyOf(
  { calendarId, eventId }: EventRef,
  appointmentId: string,
  { start, end, title, description }: Content,
  at: Instant,
): CopyRecord {
  const id = `${calendarId} ${eventId}`;
  const unknown = { creatorEmail: null, createdAt: null };
  return { kind: 'copy', id, appointmentId, at, calendarId, eventId, start, end, title, description, ...unknown };
}
