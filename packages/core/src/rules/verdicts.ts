import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { Action, Reason, Verdict } from './decision.js';
import { isMarkedFor, type Rules } from './rules.js';

export const LOOK_AT_BOOKING: Verdict = { kind: 'look', at: 'booking' };
export const LOOK_AT_EVENT: Verdict = { kind: 'look', at: 'event' };

export function act(reason: Reason, action: Action): Verdict {
  return { kind: 'decision', reason, action, detail: null };
}

/** A row that writes nothing. */
export function quiet(reason: Reason, detail: string | null = null): Verdict {
  return { kind: 'decision', reason, action: { do: 'nothing' }, detail };
}

/** Rows 7 and 25: another event than the map's, which bears the appointment's id or does not. */
export function notTheMirror(event: CalendarEvent, appointmentId: string): Verdict {
  return quiet(isMarkedFor(event, appointmentId) ? 'copy' : 'not-managed');
}

/** Until when readings of the booking may show what it was before our own write; readings of later count. */
export function echoWindowEnd({ bookingWrittenAt }: BookingEventMap, { echoWindowMs }: Rules): Instant {
  return bookingWrittenAt === null ? -Infinity : bookingWrittenAt + echoWindowMs;
}

export function wait(until: Instant | null): Verdict {
  return { kind: 'wait', until };
}
