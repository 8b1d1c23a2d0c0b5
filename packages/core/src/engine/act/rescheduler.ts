import { isSameUnit, type Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking, BookingTerms } from '../../domain/booking.js';
import { HOUR } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, type Result } from '../../result.js';
import type { RoutedContent } from '../../rules/decision.js';
import { withMarker } from '../../rules/rebook-marker.js';
import type { EngineParts } from '../engine-parts.js';

type Parts = Pick<EngineParts, 'systems' | 'bookings' | 'clock' | 'settings' | 'rules'>;

export interface RescheduleRequest {
  /** The stored map with the intent. */
  readonly map: BookingEventMap;
  readonly bay: Bay;
  readonly base: RoutedContent;
  /** The booking as it was read, with its customer and note. */
  readonly booking: Booking;
}

/** @returns the id of the booking after the move, or that of the new booking which is to replace it */
export async function reschedule(request: RescheduleRequest, parts: Parts): Promise<Result<string, SyncError>> {
  const { bay, base, map, booking } = request;
  const slot = { resourceUnitId: bay.resourceUnitId, start: base.start, end: base.end };
  const { uscheduleAppointmentId } = map;
  if (parts.settings.uschedule.reschedule === 'method') {
    if (!parts.bookings.rescheduleBooking) return Err(rescheduleIsOff(parts.systems.bookings));
    return parts.bookings.rescheduleBooking(uscheduleAppointmentId, slot);
  }
  const obstacle = insideCancellationWindow(booking, base, parts) ?? paidWithCredit(booking, parts);
  if (obstacle) return Err(obstacle);
  const notes = withMarker(booking.notes, uscheduleAppointmentId);
  const terms = carriedTerms(booking, parts.rules.routing.ofUnit(booking.resourceUnitId), bay);
  const carried = Object.keys(terms).length > 0 ? { terms } : {};
  return parts.bookings.book({ ...slot, customerId: booking.customerId, notes, ...carried });
}

/** Did a failed call certainly have no effect? A gateway timeout does not show it. */
export function isWithoutEffect({ unsent, kind, status }: SyncError): boolean {
  if (kind !== 'transient') return true;
  return unsent === true || (status !== undefined && status !== 502 && status !== 504);
}

/** Rebooking is not started if the later cancellation would be refused. */
function insideCancellationWindow(
  booking: Booking,
  base: RoutedContent,
  { clock, settings, systems }: Parts,
): SyncError | null {
  const hours = settings.uschedule.cancellationHours;
  if (Math.min(booking.start, base.start) - clock.now() >= hours * HOUR) return null;
  return {
    kind: 'refused',
    system: systems.bookings,
    method: 'reschedule',
    message: `within ${hours} hours of its start a booking cannot be cancelled, so it cannot be rebooked`,
  };
}

/** A rebooking pays again with the credit and relies on the refund of the old booking, so it needs `rebookPaid`. */
function paidWithCredit({ terms }: Booking, { settings, systems }: Parts): SyncError | null {
  if (!terms?.prepaid || settings.uschedule.rebookPaid) return null;
  return {
    kind: 'refused',
    system: systems.bookings,
    method: 'reschedule',
    message: 'the booking is paid with a prepaid credit, and such bookings are not rebooked (uschedule.rebookPaid)',
  };
}

/** The error of an edit if bookings are never moved from the calendar. */
export function rescheduleIsOff(system: SyncSystem): SyncError {
  const message = 'bookings are not rescheduled from the calendar here (uschedule.reschedule is "off")';
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
