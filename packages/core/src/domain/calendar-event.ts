import type { Instant } from './instant.js';

/** The marks in `extendedProperties.private` that identify an event of ours. */
export interface EventMarks {
  /** `uscheduleAppointmentId` */
  readonly appointmentId: string | null;
  /** `loftSyncManaged === "true"` */
  readonly managed: boolean;
  /** `bay` */
  readonly bay: string | null;
  /** `loftSyncWrite`: the id of our last write that reached the event (docs/decision-table.md#echoes-and-loops). */
  readonly write: string | null;
  /** `loftSyncTitle`: digest of the last title that we wrote (docs/decision-table.md#whose-text). */
  readonly titleDigest: string | null;
  /** `loftSyncDescription`: digest of the last description that we wrote. */
  readonly descriptionDigest: string | null;
}

/** The marks of an event without marks. */
export const NO_MARKS: EventMarks = {
  appointmentId: null,
  managed: false,
  bay: null,
  write: null,
  titleDigest: null,
  descriptionDigest: null,
};

/** The shapes of an event. A booking can only have the shape `timed`. */
export type EventShape = 'timed' | 'all-day' | 'recurring';

/** A calendar event as one reading returned it. */
export interface CalendarEvent {
  readonly calendarId: string;
  readonly eventId: string;
  /** Changes with each change of the event. Empty if the reading had none (a tombstone). */
  readonly etag: string;
  /** Creation time by the calendar's clock. Null if the reading had none. */
  readonly createdAt: Instant | null;
  /** Time of the last change of the main data, by the calendar's clock. Null if the reading had none. */
  readonly updatedAt: Instant | null;
  /** `gone`: deleted. Only the id of a deleted event is certain. The other fields may be empty. */
  readonly state: 'live' | 'gone';
  readonly shape: EventShape;
  /** Null for a tombstone and for every event that is not timed. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  /**
   * UTC offset of the start in minutes, as the calendar wrote it (the offset of its zone at that instant; `Z` is 0). Null if
   * there is none.
   */
  readonly startOffsetMinutes: number | null;
  readonly title: string;
  readonly description: string;
  /** The event is shown as free and does not block the time. */
  readonly free: boolean;
  /** `default` for an ordinary event. Fixed at creation. Null if the reading had none. */
  readonly eventType: string | null;
  /** Address of the account that created the event. Null if the reading had none. */
  readonly creatorEmail: string | null;
  /** The creator is the calendar itself and not our account. Null if the reading had none. */
  readonly creatorSelf: boolean | null;
  /** Address of the event's page for a browser. Null if the reading had none. */
  readonly htmlLink: string | null;
  readonly marks: EventMarks;
}

/** Returns the placeholder for an event that does not exist, or no longer exists (docs/google-calendar.md#events). */
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

/** The marks that a write sets only if they are given. Marks that are not given keep their value. */
export interface WrittenMarks {
  readonly write?: string;
  readonly titleDigest?: string;
  readonly descriptionDigest?: string;
}

/** All fields of a new event. */
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
 * A partial write: only the given fields change. Every patch writes the marks of the appointment and the bay again
 * (docs/decision-table.md#echoes-and-loops), so both are required.
 */
export interface EventPatch extends WrittenMarks {
  readonly start?: Instant;
  readonly end?: Instant;
  readonly title?: string;
  readonly description?: string;
  readonly free?: boolean;
  /** Restore a deleted event (`status: confirmed`). */
  readonly revive?: true;
  /** Make a recurring event a single event again. */
  readonly single?: true;
  readonly appointmentId: string;
  readonly bay: string;
}

/** One page of an event list. */
export interface EventPage {
  readonly events: readonly CalendarEvent[];
  /** Token of the next page. */
  readonly nextPageToken: string | null;
  /** Token of the next incremental list. Only on the last page. */
  readonly nextSyncToken: string | null;
  /** Whether we have write access to the calendar. Null if the answer does not say. */
  readonly writable: boolean | null;
  /** The IANA zone of the calendar. Null if the answer does not say. */
  readonly timeZone: string | null;
  /** The name of the calendar. Null if the answer does not say. */
  readonly summary: string | null;
}
