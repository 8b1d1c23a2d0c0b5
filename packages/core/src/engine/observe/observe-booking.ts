import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { BookingSystem } from '../../ports/booking-system.js';
import { Err, Ok, type Result } from '../../result.js';
import type { BookingReading, Existence, Rebooking, Situation } from '../../rules/situation.js';
import type { EngineParts } from '../engine-parts.js';

export async function observeBooking(situation: Situation, parts: EngineParts): Promise<Result<Situation, SyncError>> {
  const { reread, ...rest } = situation;
  const reading = await readBooking(situation.appointmentId, listedAt(situation), parts);
  if (reading.err) return reading;
  const left = reread && { ...reread, booking: false };
  return Ok({ ...rest, ...(left ? { reread: left } : {}), booking: atOnce(reading.val, parts) });
}

/**
 * When a list would show the booking whose event is at stake.
 *
 * @returns null if no list needs to be asked: there is no event to lose, or the latest poll does not list the booking
 */
function listedAt({ map, event, missingFromList }: Situation): Instant | null {
  if (missingFromList) return null;
  if (map) return map.status === 'ACTIVE' ? map.base.start : null;
  return event?.event.state === 'live' ? event.event.start : null;
}

/** A person has seen the customer: a held checkout is a booking. */
function atOnce(reading: BookingReading, parts: EngineParts): BookingReading {
  const { booking, life, heldUntil: _held, ...rest } = reading;
  if (booking === null || life !== 'unknown' || !parts.mirrorAtOnce.has(booking.appointmentId)) return reading;
  return { ...rest, booking, life: 'live' };
}

export async function observeReschedule(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const read = await observeBooking(situation, parts);
  if (read.err) return read;
  const intent = situation.map?.intent ?? null;
  if (intent === null || intent.successor !== null) return Ok({ ...read.val, inSlot: [] });
  const list = await parts.bookings.listBookings({ from: intent.start, to: intent.start + 1 });
  return list.err ? list : Ok({ ...read.val, inSlot: list.val.bookings });
}

export async function observeSuccessor(
  situation: Situation,
  appointmentId: string,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const successor = await existenceOf(appointmentId, parts);
  return successor.err ? successor : Ok(withRebooking(situation, { successor: successor.val }));
}

export async function observeOldBooking(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const old = await existenceOf(situation.appointmentId, parts);
  return old.err ? old : Ok(withRebooking(situation, { old: old.val }));
}

function withRebooking(situation: Situation, change: Partial<Rebooking>): Situation {
  return { ...situation, rebooking: { ...(situation.rebooking ?? { phase: 'resumed' }), ...change } };
}

export async function observeExistence(
  situation: Situation,
  parts: EngineParts,
): Promise<Result<Situation, SyncError>> {
  const { booking, refused } = situation;
  if (!booking?.booking || !refused) return Ok(situation);
  const existence = await parts.statuses.existence(booking.booking);
  return existence.err ? existence : Ok({ ...situation, refused: { ...refused, existence: existence.val } });
}

/** Reads a booking by its id, and whether it exists. */
export async function existenceOf(appointmentId: string, parts: EngineParts): Promise<Result<Existence, SyncError>> {
  const read = await parts.bookings.getBooking(appointmentId);
  if (read.ok) return parts.statuses.existence(read.val);
  if (read.val.kind === 'not-found') return Ok('gone');
  // A record that cannot be read now may be readable later, and then two bookings must not be left.
  return read.val.kind === 'invalid' ? Err({ ...read.val, kind: 'transient' }) : read;
}

/**
 * Reads one booking by its id, and judges it. That it is not found is a proof of its death only if the list does not
 * have it, either: an API that is out of order answers 404, or nothing at all, to whatever it is asked.
 */
async function readBooking(
  appointmentId: string,
  listedAt: Instant | null,
  { bookings, clock, statuses }: EngineParts,
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
