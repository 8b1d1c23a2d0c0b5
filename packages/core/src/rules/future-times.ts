import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Instant } from '../domain/instant.js';
import type { Timing } from './timing.js';

/**
 * The map without times that lie in the future: a clock that was ahead has stored them and was put right since. What was
 * written then was written before this round, so no reading of this round is older, and no window is open
 * (docs/decision-table.md#echoes-and-loops).
 */
export function withoutFutureTimes(map: BookingEventMap, now: Instant, { intentHoldsMs }: Timing): BookingEventMap {
  const { lastSyncedAt, bookingWrittenAt, intent } = map;
  const isAhead = (at: Instant): boolean => at > now;
  if (!isAhead(lastSyncedAt) && !isAhead(bookingWrittenAt ?? now) && !isAhead(intent?.triedAt ?? now)) return map;
  const triedLongAgo = now - intentHoldsMs;
  return {
    ...map,
    lastSyncedAt: isAhead(lastSyncedAt) ? 0 : lastSyncedAt,
    bookingWrittenAt: bookingWrittenAt !== null && isAhead(bookingWrittenAt) ? 0 : bookingWrittenAt,
    intent: intent && isAhead(intent.triedAt) ? { ...intent, triedAt: triedLongAgo, since: triedLongAgo } : intent,
  };
}
