import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { EditRecord } from '../domain/event-record.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { EventRef } from '../domain/task.js';

/** How an appointment was judged: by its status where that is trusted, by `rules/liveness.ts` where not. */
export type Life = 'live' | 'dead' | 'unknown';

/** The appointment as one reading showed it. */
export interface BookingReading {
  /** When the request was sent: the reading cannot know of anything later. */
  readonly at: Instant;
  /** null: the booking system does not know the appointment. */
  readonly booking: Booking | null;
  readonly life: Life;
  /** Blind: a checkout may be under way until then (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** A death that can be acted on alone: read by its own id, unknown to the system, or confirmed. */
  readonly sure: boolean;
}

/** An event as one reading showed it. */
export interface EventReading {
  /** When the request was sent. */
  readonly at: Instant;
  readonly event: CalendarEvent;
  /**
   * Read by id where the map says it is, and searched for on the other bays: a gone event is gone everywhere, and one
   * that is live in another calendar is not in its old one any more.
   */
  readonly proven: boolean;
}

/** Whether a booking exists whose last write had no clear answer. `unclear`: the evidence does not tell. */
export type Existence = 'exists' | 'gone' | 'unclear';

/** The booking that was made in place of another one, and how far the exchange has come in this round. */
export interface Rebooking {
  /** `first`: the new booking was made in this round. `resumed`: an earlier attempt made it. */
  readonly phase: 'first' | 'resumed';
  /** This attempt began when the calls of earlier attempts would show. */
  readonly settled?: true;
  /** The new booking, read by its id. Of one that was made in this round the answer of its making is the reading. */
  readonly successor?: Existence;
  /** The old booking, read after its cancellation was refused. */
  readonly old?: Existence;
  /** The old booking was cancelled in this round. */
  readonly replaced?: true;
  /** The cancellation of the old booking was refused. */
  readonly cancelRefusal?: SyncError;
  /** The new booking was cancelled again in this round. */
  readonly undone?: true;
  /** The cancellation of the new booking was refused. */
  readonly undoRefusal?: SyncError;
}

/** The appointment that a marker in the note names: this booking was made in its place. */
export interface Original {
  readonly appointmentId: string;
  readonly map: BookingEventMap | null;
  /** The original booking, read by its id; not read where its map is not ACTIVE. */
  readonly existence?: Existence;
  /** The cancellation of this booking, in favour of the original, was refused. */
  readonly refusal?: SyncError;
}

/** A change of the booking that the booking system has refused in this round. */
export interface RefusedChange {
  readonly change: 'cancellation' | 'reschedule';
  readonly error: SyncError;
  /** The booking, looked up after its cancellation was refused. */
  readonly existence?: Existence;
}

/** Another appointment, which the marks of our mirror name. */
export interface MarkedFor {
  readonly appointmentId: string;
  readonly map: BookingEventMap | null;
  readonly existence: Existence;
}

/** An appointment of ours that holds a slot. */
export interface SlotHolder {
  readonly appointmentId: string;
  /** Its event is not where its booking is: an edit is under way. */
  readonly isLeaving: boolean;
}

/** The events of a calendar that bear our marks and have no map. */
export interface Removals {
  /** Without a live booking: they would be removed. */
  readonly would: number;
  /** Marked events to come, with a map or without. */
  readonly of: number;
  /** The booking system has answered a record for an appointment whose event is in our calendars. */
  readonly isAccountProven: boolean;
}

/**
 * What one round knows of an appointment: one immutable value. `null` stands for "none"; a field that is absent was not
 * observed in this round.
 */
export interface Situation {
  readonly appointmentId: string;
  readonly now: Instant;
  /** Start of the window of polls: what ended before is history. */
  readonly historyBefore: Instant;
  readonly map: BookingEventMap | null;
  /** null: not seen in this round. */
  readonly booking: BookingReading | null;
  /** null: not seen in this round. */
  readonly event: EventReading | null;
  /** The booking system has refused the change that an edit of the event asked for, and nothing explains it away. */
  readonly refusal: SyncError | null;
  /** The same, before the booking was read again. */
  readonly refused?: RefusedChange;
  /** The latest poll does not list the booking. */
  readonly missingFromList?: boolean;
  /** The task was claimed before: an earlier attempt may have been interrupted at any point. */
  readonly retried?: boolean;
  readonly taskCreatedAt?: Instant;
  /** A person, or the time of an automatic retry, has asked for a dead letter to be tried again. */
  readonly replayed?: boolean;
  /** What was observed on the way is lost or too old: to be read again before anything is decided. */
  readonly reread?: { readonly event: EventRef | null; readonly booking: boolean };
  /** Other bookings in the slot that a begun reschedule asks for. The booking was read by its id at the same time. */
  readonly inSlot?: readonly Booking[];
  readonly rebooking?: Rebooking;
  /** The event under the derived id, with its proof; null: none is in any bay's calendar. */
  readonly derived?: EventReading | null;
  readonly original?: Original | null;
  /** The records of people's edits, of all appointments. */
  readonly edits?: readonly EditRecord[];
  /** Mirrors to come, by bay. */
  readonly mirrors?: ReadonlyMap<string, number>;
  /** The other events that bear this appointment's marks and are alive. */
  readonly copies?: readonly EventReading[];
  /** The map's event, read by its id, where another event was seen. */
  readonly mirror?: EventReading;
  /** Active events that carry this appointment's marks and are not where the map has its event, as observed. */
  readonly others?: readonly EventReading[];
  /** The appointment that the marks of the map's event name. */
  readonly markedFor?: MarkedFor;
  /** The appointment that holds the slot of an edit; null: none of ours does. */
  readonly slotHolder?: SlotHolder | null;
  readonly removals?: Removals;
  /** Addresses that count as our account; absent: not known. */
  readonly accounts?: readonly string[];
  /** The reschedule of another booking into the same slot is under way: this may be the booking that it makes. */
  readonly contested?: boolean;
}
