import { fnv1a } from '../domain/fnv1a.js';
import type { Booking } from '../domain/booking.js';
import type { Life } from './situation.js';

/**
 * Returns a digest of a booking for detecting changes: a number, so that no name or note of a customer is stored. FNV-1a,
 * twice with different seeds.
 */
export function bookingFingerprint(booking: Booking | null, status: Life): string {
  if (booking === null) return `${status}:none`;
  const { resourceUnitId, start, end, customerName, notes } = booking;
  const text = JSON.stringify([resourceUnitId, start, end, customerName, notes]);
  return `${status}:${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x01234567)}`;
}
