import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import type { EventWrite } from '../../rules/decision.js';
import type { Routing } from '../../rules/rules.js';
import type { Situation } from '../../rules/situation.js';

/** Does the write change only our marks? */
export function isStampOnly({ moveTo, fields }: EventWrite): boolean {
  return moveTo === null && Object.keys(fields).length === 0;
}

/**
 * Has the event another place than the write wants? Both sides may have been moved to that place since the map was stored:
 * then the place of the map is outdated, and the event shows no edit.
 */
export function isElsewhere(
  { start, end, calendarId }: CalendarEvent,
  { base }: EventWrite,
  routing: Routing,
): boolean {
  return start !== base.start || end !== base.end || calendarId !== routing.ofBay(base.bay)?.calendarId;
}

/** Returns the situation in which the event is read again and decided. */
export function readAgain(situation: Situation, map: BookingEventMap): Situation {
  const event = { calendarId: map.googleCalendarId, eventId: map.googleEventId };
  return { ...situation, map, event: null, reread: { event, booking: false } };
}

/**
 * An event was adopted, and others with the marks of the appointment were observed with it.
 *
 * @returns null if there were no others
 */
export function withDuplicates(situation: Situation, map: BookingEventMap | null): Situation | null {
  if (situation.map !== null || (situation.others ?? []).length === 0) return null;
  return { ...situation, map, event: null };
}
