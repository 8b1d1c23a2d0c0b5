import { hasMovedToUnroutedUnit, type BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { Content } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { PreviousBooking } from './complete-booking.js';
import { isDerivedEventId } from './event-marks.js';

/**
 * The booking system may use the id of a cancelled booking again (docs/decision-table.md#row-24). What is known of the earlier
 * booking, most of all its customer's name, is not known of the later one.
 */

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

/** The booking was cancelled: it has not only moved to a unit without a route. */
function isCancelled(map: BookingEventMap): boolean {
  return map.status === 'CANCELED' && !hasMovedToUnroutedUnit(map);
}

/** Does the map show that this booking was cancelled, and not an earlier one with its id? */
export function isCancelledFor(
  booking: Pick<Booking, 'createdAt'>,
  map: BookingEventMap,
  record: LivenessRecord | null,
): boolean {
  return isCancelled(map) && !isIdReused(booking, record);
}

/** Is it known to be cancelled, by its own status, an earlier resolution or a cancellation of ours? */
export function isKnownDead(booking: Booking, map: BookingEventMap | null, record: LivenessRecord | null): boolean {
  if (booking.status === 'dead' || isRecordedDead(booking, record)) return true;
  return map !== null && isCancelledFor(booking, map, record);
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

/** Was the record created after this time of another clock? Its time is exact to `slackMs`. */
export function isMadeAfter({ createdAt }: Pick<Booking, 'createdAt'>, at: Instant | null, slackMs: number): boolean {
  return createdAt !== null && at !== null && createdAt > at + slackMs;
}

/** Is the earlier reading of another booking, or of another customer? */
function isOfAnother(read: Booking, earlier: Booking): boolean {
  if (read.customerId !== null && earlier.customerId !== null && read.customerId !== earlier.customerId) return true;
  if (read.createdAt !== null && earlier.createdAt !== null) return read.createdAt > earlier.createdAt;
  return earlier.status === 'dead' && read.status !== 'dead';
}

/**
 * Is the map of an earlier booking than the record? The times of the two systems are compared, no clock of ours. An event that
 * was transferred from another appointment id may be older than its booking.
 */
function isOfEarlier(read: Booking, map: BookingEventMap, slackMs: number): boolean {
  if (isCancelled(map)) return true;
  const isOwnEvent = isDerivedEventId(map.googleEventId, map.uscheduleAppointmentId);
  return isOwnEvent && isMadeAfter(read, map.eventUpdatedAt, slackMs);
}

/** Returns those of the known values that belong to the booking of this record. */
export function knownOf(
  read: Booking,
  { reading, map }: { readonly reading: Booking | null; readonly map: BookingEventMap | null },
  slackMs: number,
): { readonly reading: Booking | null; readonly base: Content | null } {
  if (reading && isOfAnother(read, reading)) return { reading: null, base: null };
  return { reading, base: map && !isOfEarlier(read, map, slackMs) ? map.base : null };
}

/**
 * Returns what is known of a booking before a reading of it.
 *
 * @param latest the latest reading of its appointment, with its time. Null if there is none.
 */
export function previousBooking(
  read: Booking,
  latest: (Pick<PreviousBooking, 'nullNotes'> & { readonly reading: Booking; readonly at: Instant }) | null,
  map: BookingEventMap | null,
  slackMs: number,
): PreviousBooking {
  const isBaseNewer = map !== null && map.lastSyncedAt > (latest?.at ?? 0);
  const { reading, base } = knownOf(read, { reading: latest?.reading ?? null, map }, slackMs);
  return { reading, nullNotes: reading && latest ? latest.nullNotes : 0, base, originalBase: null, isBaseNewer };
}
