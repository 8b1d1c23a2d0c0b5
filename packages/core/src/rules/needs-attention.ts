import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { fnv1a } from '../domain/fnv1a.js';
import type { Instant } from '../domain/instant.js';
import { decide } from './decide.js';
import type { Verdict } from './decision.js';
import { appointmentOfEventId } from './event-marks.js';
import { isActiveEvent, isKnownVersion, isManaged, isMarkedForOther, type Rules } from './rules.js';
import type { BookingReading, Life } from './situation.js';

/** The time of a sync, and the start of its window. */
export interface SyncTime {
  readonly now: Instant;
  readonly historyBefore: Instant;
}

/** The result for a listed booking. */
export type BookingAttention =
  /** No action, as long as the booking and its map stay the same: both agree. */
  | 'in-step'
  /** No action, or none yet. */
  | 'none'
  /** New, changed or revived. */
  | 'changed'
  /** docs/decision-table.md#row-1a: a checkout may be in progress. */
  | 'held'
  /** docs/decision-table.md#row-11: it is mirrored and dead. */
  | 'dead'
  /** It is mirrored, and on a unit without a route. */
  | 'movedAway'
  /** docs/decision-table.md#row-2. */
  | 'no-route';

/** Runs `decide` for a booking of a poll, as if its event were unchanged. */
export function bookingAttention(
  appointmentId: string,
  reading: BookingReading,
  map: BookingEventMap | null,
  { now, historyBefore }: SyncTime,
  rules: Rules,
): BookingAttention {
  // A change in progress has its own task.
  const settled = map && { ...map, intent: null };
  const booking = settled ? { ...reading, at: Math.max(reading.at, settled.lastSyncedAt) } : reading;
  const verdict = decide(
    {
      appointmentId,
      now,
      historyBefore,
      map: settled,
      booking,
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
  const { reason, action, detail } = verdict;
  if (reason === 'checkout-held') return 'held';
  if (reason === 'no-route') return 'no-route';
  if (reason === 'booking-cancelled') return 'dead';
  if (action.do === 'cancel-event') return 'movedAway';
  // A detail says that they agree for the moment only.
  if (action.do === 'nothing' && reason === 'in-sync' && detail === null) return 'in-step';
  return action.do === 'nothing' ? 'none' : 'changed';
}

/**
 * Runs `decide` for an event of a sync, as if its booking were unchanged.
 *
 * @param map the map that names the event; null if there is none
 * @returns the appointment that needs attention; null if there is none
 */
export function eventAttention(
  event: CalendarEvent,
  map: BookingEventMap | null,
  { now, historyBefore }: SyncTime,
  rules: Rules,
): string | null {
  const isOthers = map?.status === 'CANCELED' && isMarkedForOther(event, map);
  // The appointment has a new id: the task names the new one.
  const isHandedOver = map !== null && map.supersededBy !== null && isActiveEvent(event);
  if (map === null || isOthers || isHandedOver)
    return event.end !== null && event.end <= historyBefore ? null : unmappedAppointment(event);
  if (map.status === 'ACTIVE' && isKnownVersion(event, map)) return null;
  const { uscheduleAppointmentId: appointmentId } = map;
  const reading = { at: now, event, proven: false };
  const verdict = decide({ appointmentId, now, historyBefore, map, event: reading, refusal: null }, rules);
  const isQuiet =
    verdict.kind === 'decision' && verdict.action.do === 'nothing' && verdict.reason !== 'metadata-removed';
  return isQuiet ? null : appointmentId;
}

/** docs/decision-table.md#row-4: an event with our marks, or with an id that we derive. */
function unmappedAppointment(event: CalendarEvent): string | null {
  if (event.state === 'gone') return null;
  return isManaged(event) ? event.marks.appointmentId : appointmentOfEventId(event.eventId);
}

/**
 * Returns a digest of a booking for detecting changes: a number, so that no name or note of a customer is stored. FNV-1a,
 * twice with different seeds.
 */
export function bookingFingerprint(booking: Booking | null, status: Life): string {
  if (booking === null) return `${status}:none`;
  const { resourceUnitId, start, end, customerName, notes } = booking;
  const text = JSON.stringify([resourceUnitId, start, end, customerName, notes]);
  return `${status}:${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x01234567)}`;
}
