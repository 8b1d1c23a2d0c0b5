import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Life } from '../../rules/situation.js';

interface Steady {
  readonly booking: Booking;
  readonly status: Life;
  readonly map: BookingEventMap;
  /** Number of the latest poll that found it. */
  poll: number;
}

/**
 * Cache of the bookings that a poll has found in sync with their maps. `decide` is not run for them again until the booking,
 * its status or the map has changed: the result depends on nothing else, not even on the time.
 */
export class SteadyBookings {
  readonly #bookings = new Map<string, Steady>();
  #poll = 1;

  /** Was this booking in sync with this map at the last poll? An unchanged reading is the same object. */
  has(booking: Booking, status: Life, map: BookingEventMap): boolean {
    const steady = this.#bookings.get(booking.appointmentId);
    if (steady?.booking !== booking || steady.status !== status || !isSameVersion(steady.map, map)) return false;
    steady.poll = this.#poll;
    return true;
  }

  add(booking: Booking, status: Life, map: BookingEventMap): void {
    this.#bookings.set(booking.appointmentId, { booking, status, map, poll: this.#poll });
  }

  /** Has the running poll found the booking in sync? */
  isFound(appointmentId: string): boolean {
    return this.#bookings.get(appointmentId)?.poll === this.#poll;
  }

  /** Ends a poll: bookings that it did not find in sync are removed. */
  endPoll(): void {
    for (const [appointmentId, { poll }] of this.#bookings) {
      if (poll !== this.#poll) this.#bookings.delete(appointmentId);
    }
    this.#poll++;
  }
}

/** Every write of a map raises its version. The other fields detect a store that was restored from a backup. */
function isSameVersion(a: BookingEventMap, b: BookingEventMap): boolean {
  if (a === b) return true;
  return a.version === b.version && a.lastSyncedAt === b.lastSyncedAt && a.etag === b.etag && a.fence === b.fence;
}
