import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { BookingReading, EventReading } from '../../rules/situation.js';

/** What is known of the appointment while it is worked on. */
export interface Known {
  map: BookingEventMap | null;
  booking: BookingReading | null;
  event: EventReading | null;
  refusal: SyncError | null;
  /** The poll that led here did not list it. */
  readonly unlisted: boolean;
}

/** Where the list would show the booking whose event is at stake; a poll that has just not shown it need not be repeated. */
export function mirroredAt({ map, event, unlisted }: Known): Instant | null {
  if (unlisted) return null;
  if (map) return map.status === 'ACTIVE' ? map.base.start : null;
  return event?.event.state === 'live' ? event.event.start : null;
}
