import type { Instant } from '../domain/instant.js';
import type { Rules } from '../rules/rules.js';
import type { BookingReading } from '../rules/situation.js';

/** A record whose checkout may still be in progress (docs/decision-table.md#row-1a). */
export interface HeldCheckout {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly bay: string;
  readonly start: Instant;
  readonly end: Instant;
  /** End of the hold. Then the booking is mirrored if it exists. */
  readonly until: Instant;
}

/** Returns the report about a held record. Null if it is not held, or its unit has no route. */
export function heldCheckoutOf(reading: BookingReading | null | undefined, rules: Rules): HeldCheckout | null {
  const booking = reading?.booking;
  const bay = booking && rules.routing.ofUnit(booking.resourceUnitId)?.bay;
  if (!booking || bay === undefined || bay === null || reading.heldUntil === undefined) return null;
  const { appointmentId, customerName, start, end } = booking;
  return { appointmentId, customerName, bay, start, end, until: reading.heldUntil };
}
