import type { Booking } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';

/**
 * The booking was made after `since`, so no event was made for it before. A time of making that lies in the future, by more
 * than the clocks may differ, proves nothing.
 */
export function wasMadeSince(
  booking: Pick<Booking, 'createdAt'> | null,
  since: Instant,
  now: Instant,
  slackMs: number,
): boolean {
  const createdAt = booking?.createdAt ?? null;
  return createdAt !== null && createdAt > since && createdAt <= now + slackMs;
}
