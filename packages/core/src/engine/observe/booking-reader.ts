import type { BookingSystem } from '../../ports/booking-system.js';
import type { Clock } from '../../ports/clock.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import type { BookingReading } from '../../rules/situation.js';
import type { StatusResolver } from './booking-status.js';

export interface BookingReaderParts {
  readonly bookings: BookingSystem;
  readonly clock: Clock;
  readonly statuses: StatusResolver;
}

/** Where a booking would be listed, were it still there. null: it has no event that could be lost. */
export type ListedAt = Instant | null;

/**
 * Reads one booking by its id, and judges it. That it is not found is a proof of its death only if the list does not
 * have it, either: an API that is out of order answers 404, or nothing at all, to whatever it is asked.
 */
export async function readBooking(
  appointmentId: string,
  listedAt: ListedAt,
  { bookings, clock, statuses }: BookingReaderParts,
): Promise<Result<BookingReading, SyncError>> {
  const at = clock.now();
  const read = await bookings.getBooking(appointmentId);
  if (read.ok) {
    const resolved = await statuses.read(read.val);
    return resolved.err ? resolved : Ok({ at, booking: read.val, ...resolved.val });
  }
  if (read.val.kind !== 'not-found') return read;
  const listed = listedAt === null ? Ok(false) : await isListed(appointmentId, listedAt, bookings);
  if (listed.err) return listed;
  return listed.val
    ? Err(contradiction(read.val.system, appointmentId))
    : Ok({ at, booking: null, life: 'dead', sure: true });
}

async function isListed(
  appointmentId: string,
  at: Instant,
  bookings: BookingSystem,
): Promise<Result<boolean, SyncError>> {
  const list = await bookings.listBookings({ from: at, to: at + 1 });
  if (list.err) return list;
  return Ok([...list.val.bookings, ...list.val.unreadable].some((it) => it.appointmentId === appointmentId));
}

function contradiction(system: SyncSystem, appointmentId: string): SyncError {
  const message = `appointment ${appointmentId} is not found by its id, though it is listed`;
  return { kind: 'transient', system, method: 'getBooking', message };
}
