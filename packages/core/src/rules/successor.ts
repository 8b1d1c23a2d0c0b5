import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { replacedBy } from './rebook-marker.js';
import type { Rules } from './rules.js';
import type { BookingReading } from './situation.js';

/**
 * The appointment that took the place of one whose reschedule was begun: the one with the marker in its note; else,
 * where the system itself gives a new id, the one in the wanted slot that is not older than the intent and may be the
 * same customer's.
 *
 * @param old the booking whose reschedule was begun, as it reads now
 * @param inSlot the bookings that start when the intent does
 * @returns null if there is none
 */
export function successorInSlot(
  map: BookingEventMap,
  intent: SyncIntent,
  old: BookingReading,
  inSlot: readonly Booking[],
  rules: Rules,
): string | null {
  const since = intent.since - rules.timing.recordTimeSlackMs;
  const candidates = inSlot.filter(
    ({ appointmentId, status, createdAt }) =>
      appointmentId !== map.uscheduleAppointmentId && status !== 'dead' && (createdAt === null || createdAt >= since),
  );
  const marked = candidates.findLast((booking) => replacedBy(booking) === map.uscheduleAppointmentId);
  if (marked || rules.reschedule === 'rebook') return marked?.appointmentId ?? null;
  // Another customer was faster, and the old booking has kept its id. A blind status does not tell.
  if (old.life !== 'dead' && rules.trust === 'trusted') return null;
  const wanted = candidates.filter(
    (booking) =>
      rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay &&
      booking.start === intent.start &&
      booking.end === intent.end &&
      mayBeSameCustomer(old.booking, booking),
  );
  return wanted.at(-1)?.appointmentId ?? null;
}

/** A booking that the system does not know any more may have been any customer's. */
function mayBeSameCustomer(old: Booking | null, booking: Booking): boolean {
  if (old === null) return true;
  const byId = old.customerId !== null && booking.customerId !== null;
  return byId ? old.customerId === booking.customerId : old.customerName === booking.customerName;
}
