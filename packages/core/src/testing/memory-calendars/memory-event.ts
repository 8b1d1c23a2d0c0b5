import { tombstone, type CalendarEvent, type EventShape } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';

/** One version of an event in one calendar of `MemoryCalendars`. A change makes a new one. */
export interface MemoryEvent {
  readonly eventId: string;
  readonly etag: string;
  readonly updatedAt: Instant;
  readonly deleted: boolean;
  readonly shape: EventShape;
  readonly start: Instant;
  readonly end: Instant;
  readonly title: string;
  readonly description: string;
  readonly free: boolean;
  readonly appointmentId: string | null;
  readonly managed: boolean;
  readonly bay: string | null;
  /** Number of the change that made this version, rising over all calendars. */
  readonly revision: number;
  /** Order of first appearance in its calendar. */
  readonly position: number;
  /** Deleted so long ago that a full list does not show it any more. */
  readonly forgotten: boolean;
}

/** What a change may set. */
export type MemoryFields = Omit<MemoryEvent, 'eventId' | 'etag' | 'updatedAt' | 'revision' | 'position' | 'forgotten'>;

/** A tombstone is shown with its id and nothing else: no more is sure (Google contract, "Events"). */
export function showMemoryEvent(event: MemoryEvent, calendarId: string): CalendarEvent {
  const { eventId, deleted, shape } = event;
  if (deleted) return tombstone({ calendarId, eventId });
  const { etag, updatedAt, start, end, title, description, free, appointmentId, managed, bay } = event;
  const timed = shape === 'timed';
  return {
    calendarId,
    eventId,
    etag,
    updatedAt,
    state: 'live',
    shape,
    start: timed ? start : null,
    end: timed ? end : null,
    title,
    description,
    free,
    marks: { appointmentId, managed, bay },
  };
}
