import type { Instant } from './instant.js';

/** The marks we leave in `extendedProperties.private`, by which an event of ours is known. */
export interface EventMarks {
  /** `uscheduleAppointmentId` */
  readonly appointmentId: string | null;
  /** `loftSyncManaged === "true"` */
  readonly managed: boolean;
  /** `bay` */
  readonly bay: string | null;
  /**
   * `loftSyncWrite`: the id of the write of ours that reached the event last
   * (docs/decision-table.md#echoes-and-loops).
   */
  readonly write: string | null;
  /** `loftSyncTitle`: digest of the title that we wrote last (docs/decision-table.md#whose-text). */
  readonly titleDigest: string | null;
  /** `loftSyncDescription`: digest of the description that we wrote last. */
  readonly descriptionDigest: string | null;
}

/** The marks of an event that carries none. */
export const NO_MARKS: EventMarks = {
  appointmentId: null,
  managed: false,
  bay: null,
  write: null,
  titleDigest: null,
  descriptionDigest: null,
};

/** `timed` is the only shape a booking can have. */
export type EventShape = 'timed' | 'all-day' | 'recurring';

/** A calendar event as one reading showed it. */
export interface CalendarEvent {
  readonly calendarId: string;
  readonly eventId: string;
  /** Changes with every change of the event; empty where the reading had none (a tombstone). */
  readonly etag: string;
  /** When it was created, by the calendar's clock; null where the reading did not say. */
  readonly createdAt: Instant | null;
  /** When its main data last changed, by the calendar's clock; null where the reading did not say. */
  readonly updatedAt: Instant | null;
  /** `gone`: deleted. A gone event is only sure to carry its id; the other fields may be empty. */
  readonly state: 'live' | 'gone';
  readonly shape: EventShape;
  /** null for anything but a timed event, and for a tombstone. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  /** UTC offset, in minutes, with which the calendar wrote the start: that of its zone at that instant; `Z` is 0. null: none. */
  readonly startOffsetMinutes: number | null;
  readonly title: string;
  readonly description: string;
  /** Shown as free: it does not block the time. */
  readonly free: boolean;
  /** `default` for an ordinary event; fixed when the event is created. null where the reading did not say. */
  readonly eventType: string | null;
  /** Address of the account that created it; null where the reading did not say. */
  readonly creatorEmail: string | null;
  /** The creator is the calendar itself (which is not our account); null where the reading did not say. */
  readonly creatorSelf: boolean | null;
  /** Where a person can open it in a browser; null where the reading did not say. */
  readonly htmlLink: string | null;
  readonly marks: EventMarks;
}

/** What is known of an event that is not there, or not any more (docs/google-calendar.md#events). */
export function tombstone({ calendarId, eventId }: Pick<CalendarEvent, 'calendarId' | 'eventId'>): CalendarEvent {
  return {
    calendarId,
    eventId,
    etag: '',
    createdAt: null,
    updatedAt: null,
    state: 'gone',
    shape: 'timed',
    start: null,
    end: null,
    startOffsetMinutes: null,
    title: '',
    description: '',
    free: false,
    eventType: null,
    creatorEmail: null,
    creatorSelf: null,
    htmlLink: null,
    marks: NO_MARKS,
  };
}

/** The marks that a write sets only if they are given; those that it does not give stay as they are. */
export interface WrittenMarks {
  readonly write?: string;
  readonly titleDigest?: string;
  readonly descriptionDigest?: string;
}

/** All that we write to a new event. */
export interface EventDraft extends WrittenMarks {
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
 * (docs/decision-table.md#echoes-and-loops), so the appointment and the bay always travel along.
 */
export interface EventPatch extends WrittenMarks {
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
  /** The calendar's own IANA zone; null where the answer does not say. */
  readonly timeZone: string | null;
  /** The calendar's name; null where the answer does not say. */
  readonly summary: string | null;
}
