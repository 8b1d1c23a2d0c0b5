import type { Instant } from '@loft/sync-core';
import type { JsonObject } from './json.js';

/** `cancelled` is Google's word for deleted. */
export type EventStatus = 'confirmed' | 'tentative' | 'cancelled';

/** One version of an event in one calendar. A change creates a new version. */
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
  /** Increases when the event's time or status changes. */
  readonly sequence: number;
  /** Number of the change that created this version, increasing over all calendars. */
  readonly revision: number;
  /** Order of first appearance in its calendar. */
  readonly position: number;
  /** Purged: a full list does not show it any more. */
  readonly forgotten: boolean;
}

/** Form of a deleted event: only the guaranteed fields, or all fields. */
export type TombstoneStyle = 'minimal' | 'full';

/** Is the event deleted? */
export function isCancelled(event: StoredEvent): boolean {
  return event.status === 'cancelled';
}
