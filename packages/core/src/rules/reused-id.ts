import type { Booking } from '../domain/booking.js';
import type { Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';

/** Blind mode: a cancelled booking stays dead, but the booking system may use its id again (docs/decision-table.md#row-24). */

interface Known {
  readonly booking: Booking;
  readonly record: LivenessRecord | null;
  readonly mirrored: boolean;
}

/**
 * The booking system uses the id of a cancelled booking for another one, whose record was created later. Only times of the
 * booking system are compared.
 */
export function isIdReused({ createdAt }: Pick<Booking, 'createdAt'>, record: LivenessRecord | null): boolean {
  return createdAt !== null && createdAt > (record?.createdAt ?? Infinity);
}

/** Does the record count as cancelled permanently? */
export function isRecordedDead(booking: Pick<Booking, 'createdAt'>, record: LivenessRecord | null): boolean {
  return record?.dead === true && !isIdReused(booking, record);
}

/** The stored record of a cancelled booking, with its creation time. */
export function cancelledRecord(
  { appointmentId, createdAt, end }: Pick<Booking, 'appointmentId' | 'createdAt' | 'end'>,
  { record, now }: { readonly record: LivenessRecord | null; readonly now: Instant },
): LivenessRecord {
  if (record?.dead && (record.createdAt !== undefined || createdAt === null)) return record;
  const dead = record?.dead ? record : { appointmentId, freeReadings: 0, dead: true, end, updatedAt: now };
  return createdAt === null ? dead : { ...dead, createdAt };
}

/** The evidence against the earlier booking does not count against the one that has its id now. */
export function currentRecord({ booking, record, mirrored }: Known): LivenessRecord | null {
  if (record === null || !isIdReused(booking, record)) return record;
  if (!mirrored) return record.dead ? { ...record, freeReadings: 0, dead: false } : record;
  const { createdAt: _earlier, ...current } = record;
  return { ...current, ...(record.dead ? { freeReadings: 0, dead: false } : {}) };
}
