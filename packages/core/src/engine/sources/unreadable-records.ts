import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { BookingList, UnreadableBooking } from '../../domain/booking.js';

/** So many records that cannot be read are named; of the others it is said how many there are. */
const UNREADABLE_NAMED = 20;

/**
 * Of the records that cannot be read, those of mirrored bookings (or of no one knows which) keep us from our job. Any
 * other may be no business of ours at all: an appointment without a unit is on none of our bays.
 */
export function unreadableOf(
  { unreadable }: BookingList,
  maps: readonly BookingEventMap[],
): { readonly ours: readonly UnreadableBooking[]; readonly others: readonly UnreadableBooking[] } {
  const active = maps.filter(({ status }) => status === 'ACTIVE');
  const mirrored = new Set<string | null>([null, ...active.map((map) => map.uscheduleAppointmentId)]);
  const isOurs = ({ appointmentId }: UnreadableBooking): boolean => mirrored.has(appointmentId);
  return { ours: unreadable.filter(isOurs), others: unreadable.filter((record) => !isOurs(record)) };
}

/** In words. Of very many some are named, and of the others it is said how many there are. */
export function named(unreadable: readonly UnreadableBooking[]): readonly string[] {
  const first = unreadable
    .slice(0, UNREADABLE_NAMED)
    .map(({ appointmentId, problem }) => `record ${appointmentId ?? 'without an id'}: ${problem}`);
  const more = unreadable.length - first.length;
  return more > 0 ? [...first, `${more} more cannot be read`] : first;
}
