import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import { decide } from './decide.js';
import type { Verdict } from './decision.js';
import { appointmentOfEventId } from './event-marks.js';
import { isKnownVersion, isManaged, isMarkedForOther, type Rules } from './rules.js';
import type { BookingReading } from './situation.js';

/** When a sync looks, and what is history by then. */
export interface SyncTime {
  readonly now: Instant;
  readonly historyBefore: Instant;
}

/** What a listed booking asks for. */
export type BookingAttention =
  /** Nothing, for as long as the booking and its map are what they are: each says what the other says. */
  | 'in-step'
  /** Nothing, or nothing yet. */
  | 'none'
  /** New, changed or revived. */
  | 'changed'
  /** docs/decision-table.md#row-1a: a checkout may be in progress. */
  | 'held'
  /** docs/decision-table.md#row-11: it is mirrored and dead. */
  | 'dead'
  /** It is mirrored, and on a unit that is no bay's. */
  | 'leaving'
  /** docs/decision-table.md#row-2. */
  | 'no-route';

/** Asks `decide` about a booking of a poll, as if its event were as we left it. */
export function bookingAttention(
  appointmentId: string,
  reading: BookingReading,
  map: BookingEventMap | null,
  { now, historyBefore }: SyncTime,
  rules: Rules,
): BookingAttention {
  // What is under way has a task of its own.
  const settled = map && { ...map, intent: null };
  const booking = settled ? { ...reading, at: Math.max(reading.at, settled.lastSyncedAt) } : reading;
  const verdict = decide(
    {
      appointmentId,
      now,
      historyBefore,
      map: settled,
      booking,
      event: null,
      refusal: null,
      derived: null,
      original: null,
      contested: false,
    },
    rules,
  );
  return attentionOf(verdict);
}

function attentionOf(verdict: Verdict): BookingAttention {
  if (verdict.kind === 'wait') return verdict.until === null ? 'none' : 'changed';
  if (verdict.kind !== 'decision') return 'changed';
  const { reason, action } = verdict;
  if (reason === 'checkout-held') return 'held';
  if (reason === 'no-route') return 'no-route';
  if (reason === 'booking-cancelled') return 'dead';
  if (action.do === 'cancel-event') return 'leaving';
  if (action.do === 'nothing' && reason === 'in-sync') return 'in-step';
  return action.do === 'nothing' ? 'none' : 'changed';
}

/**
 * Asks `decide` about an event of a sync, as if its booking were as we left it.
 *
 * @param map the map that names the event; null: none does
 * @returns the appointment that needs attention; null: none does
 */
export function eventAttention(
  event: CalendarEvent,
  map: BookingEventMap | null,
  { now, historyBefore }: SyncTime,
  rules: Rules,
): string | null {
  const isOthers = map?.status === 'CANCELED' && isMarkedForOther(event, map);
  if (map === null || isOthers)
    return event.end !== null && event.end <= historyBefore ? null : unmappedAppointment(event);
  if (map.status === 'ACTIVE' && isKnownVersion(event, map)) return null;
  const { uscheduleAppointmentId: appointmentId } = map;
  const reading = { at: now, event, proven: false };
  const verdict = decide(
    { appointmentId, now, historyBefore, map, booking: null, event: reading, refusal: null },
    rules,
  );
  const isQuiet =
    verdict.kind === 'decision' && verdict.action.do === 'nothing' && verdict.reason !== 'metadata-removed';
  return isQuiet ? null : appointmentId;
}

/** docs/decision-table.md#row-4: an event that bears our marks, or an id that we derive. */
function unmappedAppointment(event: CalendarEvent): string | null {
  if (event.state === 'gone') return null;
  return isManaged(event) ? event.marks.appointmentId : appointmentOfEventId(event.eventId);
}
