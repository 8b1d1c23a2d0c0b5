import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';

/** How an appointment was judged: by its status where that is trusted, by `rules/liveness.ts` where not. */
export type Life = 'live' | 'dead' | 'unknown';

/** The appointment as one reading showed it. */
export interface BookingReading {
  /** When the request was sent: the reading cannot know of anything later. */
  readonly at: Instant;
  /** null: the booking system does not know the appointment. */
  readonly booking: Booking | null;
  readonly life: Life;
  /** A death that can be acted on alone: read by its own id, unknown to the system, or confirmed. */
  readonly sure: boolean;
}

/** An event as one reading showed it. */
export interface EventReading {
  /** When the request was sent. */
  readonly at: Instant;
  readonly event: CalendarEvent;
  /**
   * Read by id where the map says it is, and looked for on the other bays: a gone event is gone everywhere, and one
   * that is live in another calendar is not in its old one any more.
   */
  readonly proven: boolean;
}

/** Everything `decide` is given about one appointment. `null` stands for "none", or "not seen this time". */
export interface Situation {
  readonly appointmentId: string;
  readonly now: Instant;
  /** Start of the window of polls: what ended before is history. */
  readonly historyBefore: Instant;
  readonly map: BookingEventMap | null;
  readonly booking: BookingReading | null;
  readonly event: EventReading | null;
  /** The booking system has just refused the change that an edit of the event asked for. */
  readonly refusal: SyncError | null;
}
