import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Situation } from './situation.js';

/** The visit has ended, by the booking as last read. */
export function isOver({ booking, now }: Situation, { base }: BookingEventMap): boolean {
  const end = booking?.booking && booking.life !== 'dead' ? booking.booking.end : base.end;
  return end <= now;
}
