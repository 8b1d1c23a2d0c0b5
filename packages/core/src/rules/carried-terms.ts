import { isSameUnit, type Bay } from '../domain/bay.js';
import type { Booking, BookingTerms } from '../domain/booking.js';

/**
 * What a rebooking carries over to the new booking: group size, employee, prepaid credit, and the service, unless the
 * booking goes to a bay that offers another one. What is not given is the adapter's to choose.
 *
 * @param from the bay in which the booking is; null: its unit is no bay's
 */
export function carriedTerms({ terms = {}, resourceUnitId }: Booking, from: Bay | null, to: Bay): BookingTerms {
  const { serviceId: booked, ...rest } = terms;
  const keepsService = isSameUnit(resourceUnitId, to.resourceUnitId) || from?.serviceId === to.serviceId;
  const serviceId = keepsService ? booked : to.serviceId;
  return serviceId === undefined ? rest : { ...rest, serviceId };
}
