import type { Instant } from './instant.js';

/** The marks we leave in `extendedProperties.private`, by which an event of ours is known. */
export interface EventMarks {
  /** `uscheduleAppointmentId` */
  readonly appointmentId: string | null;
  /** `loftSyncManaged === "true"` */
  readonly managed: boolean;
  /** `bay` */
  readonly bay: string | null;
}

/** `timed` is the only shape a booking can have. */
export type EventShape = 'timed' | 'all-day' | 'recurring';

/** A calendar event as one reading showed it. */
export interface CalendarEvent {
  readonly calendarId: string;
  readonly eventId: string;
  /** Changes with every change of the event; empty where the reading had none (a tombstone). */
  readonly etag: string;
  /** When its main data last changed, by the calendar's clock; null where the reading did not say. */
  readonly updatedAt: Instant | null;
  /** `gone`: deleted. A gone event is only sure to carry its id; the other fields may be empty. */
  readonly state: 'live' | 'gone';
  readonly shape: EventShape;
  /** null for anything but a timed event, and for a tombstone. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly title: string;
  readonly description: string;
  /** Shown as free: it does not block the time. */
  readonly free: boolean;
  readonly marks: EventMarks;
}

/** What is known of an event that is not there, or not any more (Google contract, "Events"). */
export function tombstone({ calendarId, eventId }: Pick<CalendarEvent, 'calendarId' | 'eventId'>): CalendarEvent {
  return {
    calendarId,
    eventId,
    etag: '',
    updatedAt: null,
    state: 'gone',
    shape: 'timed',
    start: null,
    end: null,
    title: '',
    description: '',
    free: false,
    marks: { appointmentId: null, managed: false, bay: null },
  };
}

/** All that we write to a new event. */
export interface EventDraft {
  readonly start: Instant;
  readonly end: Instant;
  readonly title: string;
  readonly description: string;
  readonly free: boolean;
  readonly appointmentId: string;
  readonly bay: string;
}

/**
 * A partial write: only the fields present are changed. Every patch stamps the marks again
 * (decision table, "Echoes and loops"), so the appointment and the bay always travel along.
 */
export interface EventPatch {
  readonly start?: Instant;
  readonly end?: Instant;
  readonly title?: string;
  readonly description?: string;
  readonly free?: boolean;
  /** Bring a deleted event back (`status: confirmed`). */
  readonly revive?: true;
  /** Make it a single event again: drop a recurrence somebody gave it. */
  readonly single?: true;
  readonly appointmentId: string;
  readonly bay: string;
}

/** One page of an event list. */
export interface EventPage {
  readonly events: readonly CalendarEvent[];
  /** More pages follow. */
  readonly nextPageToken: string | null;
  /** Only on the last page: where the next incremental list goes on. */
  readonly nextSyncToken: string | null;
  /** Whether we may write to the calendar; null where the answer does not say. */
  readonly writable: boolean | null;
}
