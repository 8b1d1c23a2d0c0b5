import type { Bay } from '../domain/bay.js';
import type { BookingEventMap, SyncIntent } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import type { Content } from '../domain/content.js';
import type { Instant } from '../domain/instant.js';
import type { EventReading } from './situation.js';
import type { SyncError } from '../domain/sync-error.js';

/**
 * The reasons of the rows of docs/decision-table.md, in the table's order. A reason names its row in logs and metrics.
 * `in-sync` belongs to two rows (8 and 22).
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

/** A row of docs/decision-table.md, by its name in logs, metrics and the journal. */
export type Reason = (typeof REASONS)[number];

/** The fields of an event that a write changes. Absent fields keep their value (docs/decision-table.md#echoes-and-loops). */
export interface EventFields {
  readonly start?: Instant;
  readonly end?: Instant;
  readonly title?: string;
  readonly description?: string;
  readonly free?: boolean;
  /** Remove a recurrence. */
  readonly single?: true;
}

/** A content whose bay has a route. */
export interface RoutedContent extends Content {
  readonly bay: string;
}

/** A write to an existing event: its place, its target, the changed fields, and the content of the agreement after it. */
export interface EventWrite {
  readonly calendarId: string;
  readonly eventId: string;
  /** The target calendar of a preceding move. Null if the event stays. */
  readonly moveTo: string | null;
  readonly fields: EventFields;
  /** The required etag. Null: write without a check. */
  readonly ifMatch: string | null;
  /**
   * The expected time of the event. A move cannot check an etag, so this time reveals an edit that was not observed. Null: no
   * time, and none is an edit.
   */
  readonly assumed: { readonly start: Instant | null; readonly end: Instant | null } | null;
  readonly base: RoutedContent;
  /** Write the marks although no other field changes. */
  readonly stamp?: true;
}

/** The single write of a decision. Each write is safe to repeat. */
export type Action =
  | { readonly do: 'nothing' }
  /** Insert under the derived id. */
  | { readonly do: 'create-event'; readonly bay: Bay; readonly base: RoutedContent }
  /** Store a map for an existing event, and write the differences. */
  | {
      readonly do: 'adopt-event';
      readonly event: CalendarEvent;
      readonly write: EventWrite | null;
      readonly base: RoutedContent;
    }
  | { readonly do: 'write-event'; readonly write: EventWrite }
  /** Restore a deleted event with all of the booking's content. */
  | { readonly do: 'restore-event'; readonly bay: Bay; readonly base: RoutedContent }
  /** Delete or mark the event. A map becomes CANCELED. If `event` is null, the map names the place. */
  | { readonly do: 'cancel-event'; readonly event: CalendarEvent | null }
  /** Move the booking to the place of its event. If that makes a new booking, the exchange continues with the actions below. */
  | {
      readonly do: 'reschedule-booking';
      readonly bay: Bay;
      readonly event: CalendarEvent;
      readonly base: RoutedContent;
    }
  /** Store that a reschedule has taken effect. If there is a new id, transfer the event to it. */
  | { readonly do: 'finish-reschedule'; readonly appointmentId: string; readonly base: RoutedContent }
  /**
   * Cancel a booking.
   * - `event-deleted`: the booking whose event was deleted; its map becomes CANCELED.
   * - `replaced`: the old booking of a rebooking; the new one is kept.
   * - `undo`: the new booking of a rebooking; the old one is kept.
   * - `leftover`: like `undo`, for a rebooking that was given up.
   *
   * `intent`: stored before the call.
   */
  | {
      readonly do: 'cancel-booking';
      readonly appointmentId: string;
      readonly because: 'event-deleted' | 'replaced' | 'undo' | 'leftover';
      readonly intent: SyncIntent | null;
    }
  /** Delete a duplicate of the mirror with an id of ours. `mirrorMap`: stored first. Null if the map is correct. */
  | { readonly do: 'remove-copy'; readonly event: CalendarEvent; readonly mirrorMap: BookingEventMap | null }
  /** Make no write to either side. User edits are recorded, and the round continues. */
  | { readonly do: 'record-edits'; readonly edits: readonly EditRecord[] }
  | { readonly do: 'record-copy'; readonly copy: CalendarEvent }
  /** Make no write to either side. The observed state becomes the content of the agreement. */
  | { readonly do: 'store-map'; readonly map: BookingEventMap }
  /** The same, and the round continues with the stored map. `event`: the new mirror. */
  | { readonly do: 'note'; readonly map: BookingEventMap; readonly event?: EventReading };

/** What each action changes: the event, the booking, the map alone, or other records of the store alone. */
export const CHANGES: Readonly<Record<Action['do'], 'event' | 'booking' | 'map' | 'records' | 'nothing'>> = {
  nothing: 'nothing',
  'create-event': 'event',
  'adopt-event': 'event',
  'write-event': 'event',
  'restore-event': 'event',
  'cancel-event': 'event',
  'remove-copy': 'event',
  'reschedule-booking': 'booking',
  'finish-reschedule': 'booking',
  'cancel-booking': 'booking',
  'store-map': 'map',
  note: 'records',
  'record-edits': 'records',
  'record-copy': 'records',
};

/**
 * What to observe before a decision is possible.
 * - `booking`: the booking, by its id.
 * - `event`: the event, by its id, on every bay.
 * - `reschedule`: the booking, and the bookings in the target slot of a started reschedule.
 * - `successor`, `old-booking`: the two bookings of a rebooking.
 * - `existence`: whether the booking exists after its cancellation was refused.
 * - `derived`: the event under the derived id, on every bay; for an event of that id, under the next one.
 * - `original`: the appointment that this booking replaces.
 * - `edits`: the records of user edits.
 * - `mirrors`: the number of future mirrors of each bay.
 * - `copies`: the other events with the appointment's marks, each read by its id.
 * - `mirror`: the map's event, if another event was observed; `others`: the events beside it, each at its observed place.
 * - `marked-for`: the appointment named by the marks of the event.
 * - `own-existence`: whether this booking exists, if the marks of its event name another booking that exists.
 * - `slot-holder`: the appointment that holds the slot of an edit, and all edits again; `slot-holder-event`: its event.
 * - `removals`: the number of events without a map that would be removed, and the number of all marked events.
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
  | 'others'
  | 'marked-for'
  | 'own-existence'
  | 'slot-holder'
  | 'slot-holder-event'
  | 'removals';

/** One row of the table that applies. */
export interface Decision {
  readonly kind: 'decision';
  readonly reason: Reason;
  readonly action: Action;
  /** Explanation, if the reason alone does not suffice. */
  readonly detail: string | null;
  /** When to decide again without a change. Absent: only after a change. */
  readonly recheckAt?: Instant;
  /** The outcome of a user's edit, stored after the action. */
  readonly record?: EditRecord;
  /** The refusal of the booking system that led to this row. */
  readonly refusal?: SyncError;
  /** An administrator has to be notified. */
  readonly notice?: { readonly level: 'warn' | 'error'; readonly message: string };
}

/**
 * The result of `decide`: a decision (one row of the table); what to observe first; to decide again at `until`, because it
 * is too early (null: after a change); or an error.
 */
export type Verdict =
  | Decision
  | { readonly kind: 'observe'; readonly target: Exclude<ObservationTarget, 'successor'> }
  | { readonly kind: 'observe'; readonly target: 'successor'; readonly successor: string }
  /** `keeps`: the readings that the next run of the task needs, because no later list shows them again. */
  | { readonly kind: 'wait'; readonly until: Instant | null; readonly keeps?: readonly EventReading[] }
  | { readonly kind: 'fail'; readonly error: SyncError };

export function observe(target: Exclude<ObservationTarget, 'successor'>): Verdict {
  return { kind: 'observe', target };
}

export const OBSERVE_BOOKING: Verdict = observe('booking');
export const OBSERVE_EVENT: Verdict = observe('event');

export function act(reason: Reason, action: Action, detail: string | null = null): Decision {
  return { kind: 'decision', reason, action, detail };
}

/** Returns a decision without a write. */
export function quiet(reason: Reason, detail: string | null = null): Decision {
  return { kind: 'decision', reason, action: { do: 'nothing' }, detail };
}

/** Waits until the given time. Null: until a change. */
export function wait(until: Instant | null): Verdict {
  return { kind: 'wait', until };
}
