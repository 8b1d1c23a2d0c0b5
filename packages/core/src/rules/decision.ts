import type { Bay } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Content } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';

/**
 * The rows of the decision table by their reason, in the table's order. A reason names its row in logs and metrics.
 * `in-sync` stands in two rows (8 and 22).
 */
export const REASONS = [
  'new-booking',
  'no-route',
  'dead-on-arrival',
  'adopt',
  'orphan',
  'orphan-unproven',
  'not-managed',
  'in-sync',
  'booking-changed',
  'booking-moved-bay',
  'booking-cancelled',
  'event-moved',
  'event-moved-bay',
  'event-deleted',
  'text-edited',
  'converged',
  'conflict',
  'conflict-restore',
  'metadata-removed',
  'unsupported-edit',
  'edit-refused',
  'dead-stays-dead',
  'booking-revived',
  'copy',
  'past',
] as const;

/** A row of the decision table, by the name it has in logs, metrics and the journal. */
export type Reason = (typeof REASONS)[number];

/** The fields of an event that a write changes; those left out stay as they are (decision table, "Echoes and loops"). */
export interface EventFields {
  readonly start?: Instant;
  readonly end?: Instant;
  readonly title?: string;
  readonly description?: string;
  readonly free?: boolean;
  /** Drop a recurrence. */
  readonly single?: true;
}

/** A content whose bay has a route. */
export interface RoutedContent extends Content {
  readonly bay: string;
}

/** A write to an event that is there: where it is, where it goes, what changes, and what both sides agree on after. */
export interface EventWrite {
  readonly calendarId: string;
  readonly eventId: string;
  /** The calendar it is moved to first; null: it stays. */
  readonly moveTo: string | null;
  readonly fields: EventFields;
  /** The etag it must still have; null: write regardless. */
  readonly ifMatch: string | null;
  /** The time it is believed to show: a move knows no etag, so an edit nobody saw is noticed by this. */
  readonly assumed: { readonly start: Instant | null; readonly end: Instant | null };
  readonly base: RoutedContent;
}

/** The one write a decision asks for. */
export type Action =
  | { readonly do: 'nothing' }
  /** Insert under the derived id. */
  | { readonly do: 'create-event'; readonly bay: Bay; readonly base: RoutedContent }
  /** Store a map for an event that is there, and write what differs. */
  | {
      readonly do: 'adopt-event';
      readonly event: CalendarEvent;
      readonly write: EventWrite | null;
      readonly base: RoutedContent;
    }
  | { readonly do: 'write-event'; readonly write: EventWrite }
  /** Bring a deleted event back with all of the booking's content. */
  | { readonly do: 'restore-event'; readonly bay: Bay; readonly base: RoutedContent }
  /** Delete or mark the event; the map, if there is one, becomes CANCELED. `event` null: where the map says it is. */
  | { readonly do: 'cancel-event'; readonly event: CalendarEvent | null }
  /** Move the booking to where its event is. */
  | {
      readonly do: 'reschedule-booking';
      readonly bay: Bay;
      readonly event: CalendarEvent;
      readonly base: RoutedContent;
    }
  /** Cancel the booking whose event was deleted. */
  | { readonly do: 'cancel-booking' }
  /** No write: what was seen becomes what both sides agree on. */
  | { readonly do: 'store-map'; readonly map: BookingEventMap };

/**
 * What `decide` answers: a decision (one row of the table); or that more must be known first; or that it is too
 * early to say, to be asked again at `until` (null: when there is news).
 */
export type Verdict =
  | { readonly kind: 'decision'; readonly reason: Reason; readonly action: Action; readonly detail: string | null }
  | { readonly kind: 'look'; readonly at: 'booking' | 'event' }
  | { readonly kind: 'wait'; readonly until: Instant | null };
