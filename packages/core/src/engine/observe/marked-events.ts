import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import { isManaged, isActiveEvent } from '../../rules/rules.js';

/** An event with our marks. */
export interface MarkedEvent {
  readonly appointmentId: string;
  readonly end: Instant | null;
}

/**
 * The events with our marks that the syncs of this process have observed, by calendar. Complete after a full sync, and a
 * start with an empty store begins with one.
 */
export class MarkedEvents {
  readonly #byCalendar = new Map<string, Map<string, MarkedEvent>>();

  note(event: CalendarEvent): void {
    const events = this.#byCalendar.get(event.calendarId) ?? new Map<string, MarkedEvent>();
    this.#byCalendar.set(event.calendarId, events);
    const { appointmentId } = event.marks;
    if (isManaged(event) && appointmentId !== null && isActiveEvent(event)) {
      events.set(event.eventId, { appointmentId, end: event.end });
    } else events.delete(event.eventId);
  }

  /** Returns the events of a calendar that end after `now`. */
  toCome(calendarId: string, now: Instant): readonly MarkedEvent[] {
    return [...(this.#byCalendar.get(calendarId)?.values() ?? [])].filter(({ end }) => end === null || end > now);
  }
}
