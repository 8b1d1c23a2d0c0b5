import { Ok, type BookingEventMap, type Instant, type Result, type SyncError } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';
import type { Sides } from './console/pairs.js';
import { pendingAppointments } from './pending-appointments.js';

/** Maps read from the store in one call. */
const BATCH = 500;

/** The result of a search. */
export interface FoundBookings {
  readonly maps: readonly BookingEventMap[];
  /** Bookings without an event yet. */
  readonly pending: readonly Sides[];
}

/**
 * Finds appointments by words that must all occur in the title, the appointment's id or the event's id, in upper or
 * lower case. Order: future visits by their start, then past visits, the latest first.
 */
export async function findBookings(
  words: string,
  limit: number,
  parts: Pick<AppParts, 'bays' | 'board' | 'clock' | 'engine' | 'store'>,
): Promise<Result<FoundBookings, SyncError>> {
  const { clock, engine } = parts;
  const wanted = words.trim().toLowerCase().split(/\s+/);
  const isMatch = (...texts: readonly string[]): boolean => {
    const text = texts.join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  const found: BookingEventMap[] = [];
  const mapped = new Set<string>();
  let after: string | null = null;
  do {
    const maps: Result<readonly BookingEventMap[], SyncError> = await engine.maps({
      limit: BATCH,
      ...(after !== null && { after }),
    });
    if (maps.err) return maps;
    for (const map of maps.val) {
      mapped.add(map.uscheduleAppointmentId);
      if (isMatch(map.base.title, map.uscheduleAppointmentId, map.googleEventId)) found.push(map);
    }
    after = maps.val.length < BATCH ? null : (maps.val.at(-1)?.uscheduleAppointmentId ?? null);
  } while (after !== null);
  const letters = await engine.deadLetters({ limit: BATCH });
  if (letters.err) return letters;
  const unmapped = await pendingAppointments({ letters: letters.val, mapped }, parts);
  const pending = unmapped.filter(({ appointmentId, title }) => isMatch(title, appointmentId));
  const now = clock.now();
  const rank = ({ base }: BookingEventMap): number => rankOf(base, now);
  return Ok({ maps: found.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit), pending: pending.slice(0, limit) });
}

function rankOf({ start, end }: { readonly start: Instant; readonly end: Instant }, now: Instant): number {
  return end > now ? start - now : (now - start) * 1000;
}
