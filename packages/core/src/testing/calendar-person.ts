import type { Instant } from '../domain/instant.js';

/** An event that a person makes for themselves. */
export interface PersonEvent {
  readonly start: Instant;
  readonly end: Instant;
  readonly title?: string;
  readonly description?: string;
}

/**
 * A person with a calendar app: what people do to events, mirrors or not. Fakes and simulators of a calendar have
 * one. Everything happens at once; an event or a calendar that is not there is a fault of the test, and throws.
 */
export interface CalendarPerson {
  /** Makes an event of their own and answers its id. */
  createEvent(calendarId: string, event: PersonEvent): string;
  /** Drags an event to another time. Without an end it keeps its length. */
  dragEvent(calendarId: string, eventId: string, to: { readonly start: Instant; readonly end?: Instant }): void;
  /** Gives an event another title. */
  renameEvent(calendarId: string, eventId: string, title: string): void;
  /** Writes notes into the description. */
  describeEvent(calendarId: string, eventId: string, description: string): void;
  /** Ticks "all day", on the UTC day of its start. */
  makeAllDay(calendarId: string, eventId: string): void;
  /** Lets it repeat every week. */
  makeRecurring(calendarId: string, eventId: string): void;
  /** Deletes an event; it can be undeleted. */
  deleteEvent(calendarId: string, eventId: string): void;
  /** Takes a deleted event back out of the bin. */
  undelete(calendarId: string, eventId: string): void;
  /** The event keeps its id; the calendar it leaves remembers it as deleted. */
  moveToCalendar(calendarId: string, eventId: string, toCalendarId: string): void;
  /** A copy with everything the event carries, our marks too; answers the copy's id. */
  copyEvent(calendarId: string, eventId: string, toCalendarId?: string): string;
  /** Removes our marks, as other programs and imports do. */
  stripMetadata(calendarId: string, eventId: string): void;
}
