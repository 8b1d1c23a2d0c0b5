import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';

/** The field of the map for the address of its event; nothing if the calendar system gives no address. */
export function eventLinkOf({ htmlLink }: CalendarEvent): Pick<BookingEventMap, 'eventLink'> {
  return htmlLink === null ? {} : { eventLink: htmlLink };
}
