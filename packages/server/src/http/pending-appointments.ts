import type { Booking, DeadLetter, Period } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';
import { isWithin, sidesOfUnfinished, type Sides } from './console/pairs.js';

type Parts = Pick<AppParts, 'bays' | 'board' | 'clock' | 'engine' | 'store'>;

/** Which pending appointments are wanted. */
export interface PendingQuery {
  readonly letters: readonly DeadLetter[];
  /** Ids of the appointments that the caller has the map of. They are omitted. */
  readonly mapped: ReadonlySet<string>;
  /** Default: at any time. */
  readonly period?: Period;
}

/** The booking's side of an appointment without an event. @returns null if its unit is no bay */
function sidesOfBooking(
  { appointmentId, customerName, end, resourceUnitId, start }: Booking,
  parts: Parts,
): Sides | null {
  const bay = parts.bays.find((one) => one.resourceUnitId === resourceUnitId)?.bay;
  if (bay === undefined) return null;
  const title = customerName === '' ? appointmentId : customerName;
  return { appointmentId, title, uschedule: { start, end, bay }, google: null };
}

/** Both sides of an appointment: from its failed change, else from the latest reading of its booking. */
function sidesOf(appointmentId: string, parts: Parts): Sides | null {
  const booking = parts.engine.latestBooking(appointmentId);
  const unfinished = parts.board.unfinished(appointmentId);
  if (unfinished === null) return booking && sidesOfBooking(booking, parts);
  const title = booking?.customerName ? booking.customerName : appointmentId;
  return { appointmentId, title, ...sidesOfUnfinished(unfinished) };
}

/**
 * Lists the appointments that have no map to show: with a pending change, a dead letter, or a live booking that is not
 * mirrored yet, for example because the calendar of its bay cannot be written.
 */
export async function pendingAppointments(query: PendingQuery, parts: Parts): Promise<readonly Sides[]> {
  const { letters, mapped, period = { from: -Infinity, to: Infinity } } = query;
  const { board, clock, engine, store } = parts;
  const ids = new Set([...board.pending, ...letters.map(({ appointmentId }) => appointmentId)]);
  const pending = [...ids].flatMap((id) => (mapped.has(id) ? [] : (sidesOf(id, parts) ?? [])));
  for (const booking of engine.latestBookings()) {
    const { appointmentId, end, status } = booking;
    if (status !== 'live' || end <= clock.now() || mapped.has(appointmentId) || ids.has(appointmentId)) continue;
    const sides = sidesOfBooking(booking, parts);
    if (sides === null || !isWithin(sides, period.from, period.to)) continue;
    // The map of a booking that was moved is in another period.
    const map = await store.getMap(appointmentId);
    if (map.ok && map.val === null) pending.push(sides);
  }
  return pending.filter((sides) => isWithin(sides, period.from, period.to));
}
