import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { replacedBy } from './rebook-marker.js';
import type { Rules } from './rules.js';
import type { BookingReading } from './situation.js';

/**
 * Finds the successor of an appointment with a started reschedule: the booking with the marker in its note; else, if the
 * system assigns new ids, a booking in the target slot that is not older than the intent and may have the same customer.
 *
 * @param old the current reading of the booking with the started reschedule
 * @param inSlot the bookings with the start of the intent
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
  // Another customer was faster, and the old booking has kept its id. A blind status does not show that.
  if (old.status !== 'dead' && rules.trust === 'trusted') return null;
  const wanted = candidates.filter(
    (booking) =>
      rules.routing.ofUnit(booking.resourceUnitId)?.bay === intent.bay &&
      booking.start === intent.start &&
      booking.end === intent.end &&
      mayBeSameCustomer(old.booking, booking),
  );
  return wanted.at(-1)?.appointmentId ?? null;
}

/** A booking that the system no longer knows may have had any customer. */
function mayBeSameCustomer(old: Booking | null, booking: Booking): boolean {
  if (old === null) return true;
  const byId = old.customerId !== null && booking.customerId !== null;
  return byId ? old.customerId === booking.customerId : old.customerName === booking.customerName;
}
