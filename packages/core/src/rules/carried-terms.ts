import { isSameUnit, type Bay } from '../domain/bay.js';
import type { Booking, BookingTerms } from '../domain/booking.js';

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
