import {
  hasMovedToUnroutedUnit,
  type BookingEventMap,
  type MapsByAppointment,
} from '../../domain/booking-event-map.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { Rules } from '../../rules/rules.js';

/** The place of a record, and the time of its first observation there. */
interface Move {
  readonly to: string;
  readonly since: Instant;
}

/** The mirrored bookings whose place differs from their mirrored place. */
export class MovedBookings {
  readonly #rules: Pick<Rules, 'routing'>;
  #moves: ReadonlyMap<string, Move> = new Map();

  constructor(rules: Pick<Rules, 'routing'>) {
    this.#rules = rules;
  }

  /** @returns when the booking was first observed at its place; null if it has not moved */
  since(appointmentId: string): Instant | null {
    return this.#moves.get(appointmentId)?.since ?? null;
  }

  /** Compares the records of one poll with their maps. */
  note(bookings: readonly Booking[], mapOf: MapsByAppointment, now: Instant): void {
    const before = this.#moves;
    const moves = new Map<string, Move>();
    for (const booking of bookings) {
      const { appointmentId, resourceUnitId, start, end } = booking;
      const map = mapOf.get(appointmentId);
      if (!map || (map.status !== 'ACTIVE' && !hasMovedToUnroutedUnit(map)) || !this.#hasMoved(booking, map)) continue;
      const to = `${resourceUnitId}:${start}:${end}`;
      const previous = before.get(appointmentId);
      moves.set(appointmentId, previous?.to === to ? previous : { to, since: now });
    }
    this.#moves = moves;
  }

  #hasMoved({ resourceUnitId, start, end }: Booking, { base }: BookingEventMap): boolean {
    const bay = this.#rules.routing.ofUnit(resourceUnitId)?.bay ?? null;
    return base.start !== start || base.end !== end || base.bay !== bay;
  }
}
