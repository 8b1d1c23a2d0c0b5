import { Ok, type BookingEventMap, type Result, type SyncError } from '@loft/sync-core';
import type { AppParts } from './app-parts.js';

/** Maps read from the store in one call. */
const BATCH = 500;

/**
 * Finds appointments by words that must all occur in the title, the appointment's id or the event's id, in upper or
 * lower case. Order: the next ones first, then past ones, the latest first.
 */
export async function findBookings(
  words: string,
  limit: number,
  { clock, engine }: Pick<AppParts, 'clock' | 'engine'>,
): Promise<Result<readonly BookingEventMap[], SyncError>> {
  const wanted = words.trim().toLowerCase().split(/\s+/);
  const found: BookingEventMap[] = [];
  let after: string | null = null;
  do {
    const maps: Result<readonly BookingEventMap[], SyncError> = await engine.maps({
      limit: BATCH,
      ...(after !== null && { after }),
    });
    if (maps.err) return maps;
    for (const map of maps.val) {
      const text = `${map.base.title} ${map.uscheduleAppointmentId} ${map.googleEventId}`.toLowerCase();
      if (wanted.every((word) => text.includes(word))) found.push(map);
    }
    after = maps.val.length < BATCH ? null : (maps.val.at(-1)?.uscheduleAppointmentId ?? null);
  } while (after !== null);
  const now = clock.now();
  const rank = ({ base }: BookingEventMap): number => (base.end > now ? base.start - now : (now - base.start) * 1000);
  return Ok(found.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit));
}
