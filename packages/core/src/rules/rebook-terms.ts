import { isSameUnit, type Bay } from '../domain/bay.js';
import type { Booking, BookingTerms } from '../domain/booking.js';
import { HOUR, type Instant } from '../domain/instant.js';
import type { SyncError, SyncSystem } from '../domain/sync-error.js';
import type { BookingSettings } from './settings.js';

/** The error of an edit if bookings are never moved from the calendar. */
export function rescheduleIsOff(system: SyncSystem): SyncError {
  return refusedMove(system, 'bookings are not rescheduled from the calendar here (uschedule.reschedule is "off")');
}

/**
 * Returns the reason not to rebook. Rebooking is not started if the later cancellation would be refused. It pays again with a
 * prepaid credit and relies on the refund of the old booking, so it needs `rebookPaid`.
 *
 * @param start the requested start
 */
export function rebookObstacle(
  booking: Booking,
  start: Instant,
  now: Instant,
  { cancellationHours: hours, rebookPaid }: Pick<BookingSettings, 'cancellationHours' | 'rebookPaid'>,
  system: SyncSystem,
): SyncError | null {
  if (Math.min(booking.start, start) - now < hours * HOUR)
    return refusedMove(
      system,
      `within ${hours} hours of its start a booking cannot be cancelled, so it cannot be rebooked`,
    );
  if (booking.terms?.prepaid && !rebookPaid)
    return refusedMove(
      system,
      'the booking is paid with a prepaid credit, and such bookings are not rebooked (uschedule.rebookPaid)',
    );
  return null;
}

function refusedMove(system: SyncSystem, message: string): SyncError {
  return { kind: 'refused', system, method: 'reschedule', message };
}

/**
 * Returns the terms that a rebooking transfers to the new booking: group size, employee, prepaid credit, and the service,
 * unless the target bay offers another one. The adapter chooses absent terms.
 *
 * @param from the current bay of the booking; null if its unit has no route
 */
export function carriedTerms({ terms = {}, resourceUnitId }: Booking, from: Bay | null, to: Bay): BookingTerms {
  const { serviceId: booked, ...rest } = terms;
  const keepsService = isSameUnit(resourceUnitId, to.resourceUnitId) || from?.serviceId === to.serviceId;
  const serviceId = keepsService ? booked : to.serviceId;
  return serviceId === undefined ? rest : { ...rest, serviceId };
}
