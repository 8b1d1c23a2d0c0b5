import type { Booking } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';

/**
 * Was the booking created after `since`, so that no event can exist for it? A creation time further in the future than the
 * allowed clock difference proves nothing.
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
