import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Life } from '../../rules/situation.js';

interface Steady {
  readonly booking: Booking;
  readonly life: Life;
  readonly map: BookingEventMap;
}

/**
 * The bookings that a poll has found in step with their maps. `decide` is not asked about them again before the booking,
 * its life or the map has changed: the answer depends on nothing else, the time included.
 */
export class SteadyBookings {
  #last: ReadonlyMap<string, Steady> = new Map();
  #found = new Map<string, Steady>();

  /** Was this booking in step with this map at the last poll? A reading that has not changed is the same object. */
  has(booking: Booking, life: Life, map: BookingEventMap): boolean {
    const steady = this.#last.get(booking.appointmentId);
    if (steady?.booking !== booking || steady.life !== life || !isSameVersion(steady.map, map)) return false;
    this.#found.set(booking.appointmentId, steady);
    return true;
  }

  add(booking: Booking, life: Life, map: BookingEventMap): void {
    this.#found.set(booking.appointmentId, { booking, life, map });
  }

  /** The poll is over: bookings that it did not list are dropped. */
  endPoll(): void {
    this.#last = this.#found;
    this.#found = new Map();
  }
}

/** Every write of a map raises its version; the rest tells a store that was put back from a backup. */
function isSameVersion(a: BookingEventMap, b: BookingEventMap): boolean {
  if (a === b) return true;
  return a.version === b.version && a.lastSyncedAt === b.lastSyncedAt && a.etag === b.etag && a.fence === b.fence;
}
