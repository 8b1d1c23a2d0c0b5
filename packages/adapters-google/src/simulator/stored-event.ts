import type { Instant } from '@loft/sync-core';
import type { JsonObject } from './json.js';

/** `cancelled` is Google's word for deleted. */
export type EventStatus = 'confirmed' | 'tentative' | 'cancelled';

/** One version of an event in one calendar. A change makes a new one. */
export interface StoredEvent {
  readonly id: string;
  /** What clients write: summary, start, end, extendedProperties and the other fields that Google takes. */
  readonly fields: JsonObject;
  readonly status: EventStatus;
  readonly etag: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Address of the account that created it. */
  readonly creatorEmail: string;
  /** Rises when the event's time or status changes. */
  readonly sequence: number;
  /** Number of the change that made this version, rising over all calendars. */
  readonly revision: number;
  /** Order of first appearance in its calendar. */
  readonly position: number;
  /** Deleted so long ago that a full list does not show it any more. */
  readonly forgotten: boolean;
}

/** How a deleted event is shown: with nothing but what is sure, or with everything it had. */
export type TombstoneStyle = 'minimal' | 'full';

/** Is the event deleted? */
export function isCancelled(event: StoredEvent): boolean {
  return event.status === 'cancelled';
}
