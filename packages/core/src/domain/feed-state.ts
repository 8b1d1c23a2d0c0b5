import { fnv1a } from './fnv1a.js';
import type { Instant } from './instant.js';

/** Why a guard stopped a feed, and until a person lets it go on nothing is cancelled. */
export interface FeedStop {
  readonly at: Instant;
  /** One sentence for a person. */
  readonly reason: string;
  /** How many live mirrors would have been cancelled, of how many. */
  readonly wouldCancel: number;
  readonly mirrors: number;
  /** What would happen, one by one; absent in a stop of an older version. */
  readonly items?: readonly StopItem[];
}

/** One change that a guard holds back. */
export interface StopItem {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly start: Instant;
  readonly bay: string | null;
  /** `cancel event`: its booking is gone. `cancel booking`: its event is gone. `move event`: its booking has moved. */
  readonly would: 'cancel event' | 'cancel booking' | 'move event';
}

/** Names the list of a stop: it changes when an item does. */
export function stopVersion({ items = [], wouldCancel }: FeedStop): string {
  const named = items.map(({ appointmentId, would }) => `${appointmentId} ${would}`).toSorted();
  return fnv1a(`${wouldCancel}|${named.join('|')}`, 0x811c9dc5);
}

/** What a feed remembers between runs and across restarts. Its name is `bookings` or `calendar:<calendarId>`. */
export interface FeedState {
  readonly feed: string;
  /** The sync token, for a calendar feed that has made a full list. */
  readonly syncToken: string | null;
  /** Fingerprint of the parameters the token was made with: with others it is worthless. */
  readonly tokenParameters: string | null;
  readonly stopped: FeedStop | null;
  /** A person let the feed go on: one run passes the guard. */
  readonly resumed: boolean;
  /** The appointments that the person saw: only these pass. Absent: all. */
  readonly approved?: readonly string[];
  readonly savedAt: Instant;
}

/** The name of the booking feed, in states, metrics and `POST /admin/feeds/{name}/resume`. */
export const BOOKING_FEED = 'bookings';

/** The name of a calendar's feed: `calendar:<calendarId>`. */
export function calendarFeedName(calendarId: string): string {
  return `calendar:${calendarId}`;
}
