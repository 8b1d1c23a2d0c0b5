import type { Instant } from '../domain/instant.js';

/** An event that a user creates. */
export interface PersonEvent {
  readonly start: Instant;
  readonly end: Instant;
  readonly title?: string;
  readonly description?: string;
}

/**
 * A user of a calendar app: the actions of people on events, for fakes and simulators of a calendar. All actions take effect
 * at once. An action on a missing event or calendar throws, because the test is wrong.
 */
export interface CalendarPerson {
  /** Creates an event of the user and returns its id. */
  createEvent(calendarId: string, event: PersonEvent): string;
  /** Drags an event to another time. Without an end the length is kept. */
  dragEvent(calendarId: string, eventId: string, to: { readonly start: Instant; readonly end?: Instant }): void;
  /** Changes the title of an event. */
  renameEvent(calendarId: string, eventId: string, title: string): void;
  /** Changes the description of an event. */
  describeEvent(calendarId: string, eventId: string, description: string): void;
  /** Makes it an all-day event on the UTC day of its start. */
  makeAllDay(calendarId: string, eventId: string): void;
  /** Makes it recur every week. */
  makeRecurring(calendarId: string, eventId: string): void;
  /** Deletes an event. It can be restored. */
  deleteEvent(calendarId: string, eventId: string): void;
  /** Restores a deleted event from the trash. */
  undelete(calendarId: string, eventId: string): void;
  /** Moves an event under the same id. The old calendar keeps a tombstone. */
  moveToCalendar(calendarId: string, eventId: string, toCalendarId: string): void;
  /** Copies an event with all its fields, including our marks. Returns the id of the copy. */
  copyEvent(calendarId: string, eventId: string, toCalendarId?: string): string;
  /** Removes our marks, as other programs and imports do. */
  stripMetadata(calendarId: string, eventId: string): void;
}
