import type { Bay } from '../domain/bay.js';
import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Content } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';
import type { EventReading } from './situation.js';
import type { SyncError } from '../domain/sync-error.js';

/**
 * The rows of docs/decision-table.md by their reason, in the table's order. A reason names its row in logs and metrics.
 * `in-sync` stands in two rows (8 and 22).
 */
export const REASONS = [
  'new-booking',
  'checkout-held',
  'no-route',
  'dead-on-arrival',
  'adopt',
  'orphan',
  'orphan-foreign',
  'orphan-unproven',
  'not-managed',
  'in-sync',
  'booking-changed',
  'booking-moved-bay',
  'booking-cancelled',
  'event-moved',
  'event-moved-bay',
  'event-replaced',
  'copy-adopted',
  'event-deleted',
  'text-edited',
  'converged',
  'conflict',
  'conflict-restore',
  'rebook-leftover',
  'metadata-removed',
  'unsupported-edit',
  'edit-refused',
  'edit-undelivered',
  'edit-war',
  'one-way',
  'edit-held',
  'change-undone',
  'dead-stays-dead',
  'booking-revived',
  'copy',
  'past',
  'past-edit',
] as const;

/** A row of docs/decision-table.md, by the name it has in logs, metrics and the journal. */
export type Reason = (typeof REASONS)[number];

/**
 * The fields of an event that a write changes; those left out stay as they are
 * (docs/decision-table.md#echoes-and-loops).
 */
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
  /** Write the marks although nothing else changes. */
  readonly stamp?: true;
}

/** The one write a decision asks for. Each is safe to repeat. */
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
  /** Move the booking to where its event is. Where that means a new booking, the exchange goes on with what follows. */
  | {
      readonly do: 'reschedule-booking';
      readonly bay: Bay;
      readonly event: CalendarEvent;
      readonly base: RoutedContent;
    }
  /** Store that a reschedule has taken effect; under a new id, hand the event over to that id. */
  | { readonly do: 'finish-reschedule'; readonly appointmentId: string; readonly base: RoutedContent }
  /**
   * Cancel a booking.
   * - `event-deleted`: the one whose event was deleted; its map becomes CANCELED.
   * - `replaced`: the old one, in favour of the one that was made in its place.
   * - `undo`: the one that was made in place of another, which has to stay.
   * - `leftover`: likewise, of an exchange that was given up.
   *
   * `intent`: stored before the call.
   */
  | {
      readonly do: 'cancel-booking';
      readonly appointmentId: string;
      readonly because: 'event-deleted' | 'replaced' | 'undo' | 'leftover';
      readonly intent: SyncIntent | null;
    }
  /** Delete a double of the mirror that bears an id of ours. `mirrorMap`: stored first; null: the map is right. */
  | { readonly do: 'remove-copy'; readonly event: CalendarEvent; readonly mirrorMap: BookingEventMap | null }
  /** No write to either side: what people did is recorded, and the round goes on. */
  | { readonly do: 'record-edits'; readonly edits: readonly EditRecord[] }
  | { readonly do: 'record-copy'; readonly copy: CalendarEvent }
  | { readonly do: 'forget-edit'; readonly appointmentId: string }
  /** No write to either side: what was seen becomes what both sides agree on. */
  | { readonly do: 'store-map'; readonly map: BookingEventMap }
  /** Likewise, and the round goes on with the stored map. `event`: the mirror from now on. */
  | { readonly do: 'note'; readonly map: BookingEventMap; readonly event?: EventReading };

/**
 * What to observe before a decision can be made.
 * - `booking`: the booking, by its id.
 * - `event`: the event, by its id, on every bay.
 * - `reschedule`: the booking, and who is in the slot that a begun reschedule asks for.
 * - `successor`, `old-booking`: the two bookings of a rebooking.
 * - `existence`: whether the booking exists after its cancellation was refused.
 * - `derived`: the event under the derived id, on every bay.
 * - `original`: the appointment in whose place this booking was made.
 * - `edits`: the records of people's edits.
 * - `mirrors`: how many mirrors to come each bay has.
 * - `copies`: the other events that bear the appointment's marks, each read by its id.
 * - `mirror`: the map's event, where another event was seen.
 * - `marked-for`: the appointment that the marks of the event name.
 * - `slot-holder`: the appointment that holds the slot of an edit.
 * - `removals`: how many events without a map would be removed, of how many.
 * - `contest`: reschedules of other bookings into the same slot, and this appointment's map.
 */
export type ObservationTarget =
  | 'booking'
  | 'event'
  | 'reschedule'
  | 'successor'
  | 'old-booking'
  | 'existence'
  | 'derived'
  | 'original'
  | 'contest'
  | 'edits'
  | 'mirrors'
  | 'copies'
  | 'mirror'
  | 'marked-for'
  | 'slot-holder'
  | 'removals';

/** One row of the table that applies. */
export interface Decision {
  readonly kind: 'decision';
  readonly reason: Reason;
  readonly action: Action;
  /** Why, in words, where the reason alone does not say it. */
  readonly detail: string | null;
  /** When to decide again, though nothing may have changed; absent: when something changes. */
  readonly recheckAt?: Instant;
  /** Stored once the action is done: what became of a person's edit. */
  readonly record?: EditRecord;
  /** The refusal of the booking system that led to this row. */
  readonly refusal?: SyncError;
  /** A person should know. */
  readonly notice?: { readonly level: 'warn' | 'error'; readonly message: string };
}

/**
 * What `decide` answers: a decision (one row of the table); or what to observe first; or that it is too early, to be
 * asked again at `until` (null: when something changes); or that nothing can be done.
 */
export type Verdict =
  | Decision
  | { readonly kind: 'observe'; readonly target: Exclude<ObservationTarget, 'successor'> }
  | { readonly kind: 'observe'; readonly target: 'successor'; readonly successor: string }
  | { readonly kind: 'wait'; readonly until: Instant | null }
  | { readonly kind: 'fail'; readonly error: SyncError };
