import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { Instant } from '../../domain/instant.js';
import { isManaged, isActiveEvent } from '../../rules/rules.js';

/** An event that bears our marks. */
export interface MarkedEvent {
  readonly appointmentId: string;
  readonly end: Instant | null;
}

/**
 * The events with our marks that the syncs of this process have seen, by calendar. Complete after a full sync, which is
 * what a start with an empty store begins with.
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

  /** Events of a calendar that end after `now`. */
  toCome(calendarId: string, now: Instant): readonly MarkedEvent[] {
    return [...(this.#byCalendar.get(calendarId)?.values() ?? [])].filter(({ end }) => end === null || end > now);
  }
}
