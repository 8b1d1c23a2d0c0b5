import type { Booking } from './booking.js';
import { sameData } from './same-data.js';

/** One comparison for each field: a new field without one does not compile. Much faster than a loop over the names. */
const COMPARISONS: { readonly [Field in keyof Booking]-?: (a: Booking, b: Booking) => boolean } = {
  appointmentId: (a, b) => a.appointmentId === b.appointmentId,
  status: (a, b) => a.status === b.status,
  resourceUnitId: (a, b) => a.resourceUnitId === b.resourceUnitId,
  start: (a, b) => a.start === b.start,
  end: (a, b) => a.end === b.end,
  customerName: (a, b) => a.customerName === b.customerName,
  notes: (a, b) => a.notes === b.notes,
  customerId: (a, b) => a.customerId === b.customerId,
  createdAt: (a, b) => a.createdAt === b.createdAt,
  missing: (a, b) => sameData(a.missing, b.missing),
  terms: (a, b) => sameData(a.terms, b.terms),
  details: (a, b) => sameData(a.details, b.details),
  wall: (a, b) => sameData(a.wall, b.wall),
  otherText: (a, b) => a.otherText === b.otherText,
  keptText: (a, b) => sameData(a.keptText, b.keptText),
};

const ALL: readonly ((a: Booking, b: Booking) => boolean)[] = Object.values(COMPARISONS);

/** Are two readings of a booking equal? */
export function sameBooking(a: Booking, b: Booking): boolean {
  return ALL.every((isSame) => isSame(a, b));
}
