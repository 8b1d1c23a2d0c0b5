import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Content } from '../../domain/content.js';
import type { CopyRecord } from '../../domain/event-record.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Ok, type Result } from '../../result.js';
import { isDerivedEventId } from '../../rules/event-marks.js';

/** Returns the id of the record of a copy. */
export function copyId({ calendarId, eventId }: EventRef): string {
  return `${calendarId} ${eventId}`;
}

/** Returns the record of an observed copy (docs/decision-table.md#row-25). */
export function copyOf(appointmentId: string, event: CalendarEvent, at: Instant): CopyRecord {
  const { calendarId, eventId, start, end, title, description, creatorEmail, createdAt } = event;
  const id = copyId(event);
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

/** Returns the record of a mirror that stays unreadable in a calendar that belongs to no bay any more. */
export function unreadCopyOf(
  { calendarId, eventId }: EventRef,
  appointmentId: string,
  { start, end, title, description }: Content,
  at: Instant,
): CopyRecord {
  const id = copyId({ calendarId, eventId });
  const unknown = { creatorEmail: null, createdAt: null };
  return { kind: 'copy', id, appointmentId, at, calendarId, eventId, start, end, title, description, ...unknown };
}

/** Removes the record of a candidate that has become the mirror. Candidates are recorded like copies. */
export async function forgetCandidate(
  event: EventRef,
  appointmentId: string,
  store: Pick<SyncStore, 'deleteEventRecords'>,
): Promise<Result<void, SyncError>> {
  if (isDerivedEventId(event.eventId, appointmentId)) return Ok.EMPTY;
  return store.deleteEventRecords([{ kind: 'copy', id: copyId(event) }]);
}
