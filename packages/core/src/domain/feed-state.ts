import { fnv1a } from './fnv1a.js';
import type { Instant } from './instant.js';

/** Why a guard stopped a feed. The feed cancels nothing until an administrator resumes it. */
export interface FeedStop {
  readonly at: Instant;
  /** One sentence for the administrator. */
  readonly reason: string;
  /** Number of live mirrors that would have been cancelled, and number of all live mirrors. */
  readonly wouldCancel: number;
  readonly mirrors: number;
  /** The changes that the guard holds back. Absent in a stop that an older version stored. */
  readonly items?: readonly StopItem[];
}

/** One change that a guard holds back. */
export interface StopItem {
  readonly appointmentId: string;
  readonly customerName: string;
  readonly start: Instant;
  readonly bay: string | null;
  /** `cancel event`: the booking is missing. `cancel booking`: the event is missing. `move event`: the booking has moved. */
  readonly would: 'cancel event' | 'cancel booking' | 'move event';
}

/** Version of the list of a stop: the number of its changes, and a digest of each item. */
export function stopVersion({ items = [], wouldCancel }: FeedStop): string {
  return [String(wouldCancel), ...items.map(digestOf).toSorted()].join('.');
}

/** Did the list with this version contain every item of the stop? It did if the list has shrunk since. */
export function isInVersion({ items = [], wouldCancel }: FeedStop, version: string): boolean {
  const [count, ...digests] = version.split('.');
  const listed = new Set(digests);
  return wouldCancel <= Number(count) && items.every((item) => listed.has(digestOf(item)));
}

function digestOf({ appointmentId, would }: StopItem): string {
  return fnv1a(`${appointmentId} ${would}`, 0x811c9dc5);
}

/** State of a feed that survives runs and restarts. The name is `bookings` or `calendar:<calendarId>`. */
export interface FeedState {
  readonly feed: string;
  /** The sync token of a calendar feed. Null if the next run has to list everything. */
  readonly syncToken: string | null;
  /** Fingerprint of the list parameters of the token. The token is invalid with other parameters. */
  readonly tokenParameters: string | null;
  readonly stopped: FeedStop | null;
  /** An administrator resumed the feed: one run passes the guard. */
  readonly resumed: boolean;
  /** The appointments that the administrator confirmed. Only these pass. Absent: all. */
  readonly approved?: readonly string[];
  readonly savedAt: Instant;
}

/** Name of the booking feed in states, metrics and `POST /admin/feeds/{name}/resume`. */
export const BOOKING_FEED = 'bookings';

/** Name of a calendar's feed: `calendar:<calendarId>`. */
export function calendarFeedName(calendarId: string): string {
  return `calendar:${calendarId}`;
}
