import type { Booking } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';
import type { Timing } from './timing.js';

/** Maximum number of appointments that the warning names. */
const NAMED = 3;

/**
 * Returns a warning about creation times in the future: the booking system writes them in another zone than assumed, or a clock
 * is wrong. What depends on the age of a booking is then in doubt (docs/decision-table.md#crash-safe-writes).
 */
export function creationTimeNotes(
  bookings: readonly Booking[],
  now: Instant,
  { recordTimeSlackMs }: Timing,
): readonly string[] {
  const latest = now + recordTimeSlackMs;
  const ahead = bookings.filter(({ createdAt }) => createdAt !== null && createdAt > latest);
  if (ahead.length === 0) return [];
  const ids = ahead.slice(0, NAMED).map(({ appointmentId }) => appointmentId);
  const more = ahead.length > NAMED ? ` and ${ahead.length - NAMED} more` : '';
  return [
    `the creation time of appointment ${ids.join(', ')}${more} is in the future: ` +
      'the booking system writes it in another zone than "timeZone", or a clock is wrong',
  ];
}
