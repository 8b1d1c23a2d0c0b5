import type { CalendarEvent } from '../domain/calendar-event.js';
import { sameTexts } from '../domain/content.js';
import { isSamePlace } from '../domain/task.js';
import { isActiveEvent, isClosedCalendar, isMarkedFor, isOurAccount, type Rules } from './rules.js';

/**
 * May a copy be removed on request? Only an exact duplicate that our own or a former account created.
 *
 * @param addresses of our account
 * @returns why it is kept, as a sentence; null if it may be removed
 */
export function reasonToKeep(
  copy: CalendarEvent,
  mirror: CalendarEvent,
  appointmentId: string,
  addresses: readonly string[],
  rules: Rules,
): string | null {
  if (isSamePlace(copy, mirror)) return 'it is the mirror';
  if (!isActiveEvent(mirror)) return 'its mirror is not in the calendar';
  if (!isMarkedFor(copy, appointmentId)) return 'it does not carry the marks of the appointment any more';
  if (!isOurAccount(copy, { accounts: addresses }, rules)) return `${copy.creatorEmail ?? 'another account'} made it`;
  const isInBay = isClosedCalendar(copy.calendarId, rules) || copy.calendarId === mirror.calendarId;
  if (!isInBay || copy.start !== mirror.start || copy.end !== mirror.end)
    return 'it is at another time or on another bay than its mirror';
  return sameTexts(copy, mirror) ? null : 'it has another title or description than its mirror';
}
