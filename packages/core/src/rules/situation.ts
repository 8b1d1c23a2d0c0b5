import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import type { EditRecord } from '../domain/event-record.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { EventRef } from '../domain/task.js';

/** The status of an appointment: from its record if the status is trusted, else from `rules/liveness.ts`. */
export type Life = 'live' | 'dead' | 'unknown';

/** The appointment as one reading showed it. */
export interface BookingReading {
  /** Time of the request. The reading contains no later change. */
  readonly at: Instant;
  /** Null if the booking system does not know the appointment. */
  readonly booking: Booking | null;
  readonly status: Life;
  /** Blind: end of a possible checkout (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** Blind: the booking system uses the id of a cancelled booking for this later one (docs/decision-table.md#row-24). */
  readonly idReused?: true;
  /** A cancellation that needs no further confirmation: read by its own id, unknown to the system, or confirmed. */
  readonly sure: boolean;
}

/** An event as one reading showed it. */
export interface EventReading {
  /** Time of the request. */
  readonly at: Instant;
  readonly event: CalendarEvent;
  /**
   * Read by id in the map's calendar and searched in the calendars of the other bays. A deleted event is deleted everywhere,
   * and an event that is live in another calendar has left its old one.
   */
  readonly proven: boolean;
  /** The event seems deleted, but may have been moved to a calendar that was closed since and cannot be read. */
  readonly unsearched?: true;
  /** What the calendar shows under this id to which an interrupted write was to move the event, if it may have been moved back. */
  readonly trace?: CalendarEvent;
}

/** The readings of one appointment before its task. With them most changes need no further read. */
export interface Observation {
  readonly booking: BookingReading | null;
  /** When the booking was last reported as changed: earlier readings of it are outdated. */
  readonly changedAt: Instant;
  /** The latest reading of each related event. */
  readonly events: readonly EventReading[];
  /** An observation was lost: the event has to be read again, as after a crash. */
  readonly mustReread: boolean;
  /** The booking is missing from a list of its window. */
  readonly missingFromList: boolean;
}

/** Whether a booking exists after a write without a clear answer. `unclear`: the evidence does not show it. */
export type Existence = 'exists' | 'gone' | 'unclear';

/** The booking that replaces another one, and the progress of the exchange in this round. */
export interface Rebooking {
  /** `first`: the new booking was made in this round. `resumed`: an earlier attempt made it. */
  readonly phase: 'first' | 'resumed';
  /** This attempt started when the calls of earlier attempts would be visible. */
  readonly settled?: true;
  /** The new booking, read by its id. */
  readonly successor?: Existence;
  /** The old booking, read after its cancellation was refused. */
  readonly old?: Existence;
  /** The old booking was cancelled in this round. */
  readonly replaced?: true;
  /** The cancellation of the old booking was refused. */
  readonly cancelRefusal?: SyncError;
  /** The new booking was cancelled in this round. */
  readonly undone?: true;
  /** The cancellation of the new booking was refused. */
  readonly undoRefusal?: SyncError;
}

/** The appointment that this booking replaces, according to the marker in its note. */
export interface Original {
  readonly appointmentId: string;
  readonly map: BookingEventMap | null;
  /** The original booking, read by its id. Not read if its map is not ACTIVE. */
  readonly existence?: Existence;
  /** The two bookings have different customers: a person has copied the note with the marker. Not read if its map is not ACTIVE. */
  readonly isOfOther?: boolean;
  /** The original has a dead letter: our own rebooking of it was given up. Not read if its map is not ACTIVE. */
  readonly isGivenUp?: boolean;
  /** The cancellation of this booking, which would keep the original, was refused. */
  readonly refusal?: SyncError;
}

/** A change of the booking that the booking system refused in this round. */
export interface RefusedChange {
  readonly change: 'cancellation' | 'reschedule';
  readonly error: SyncError;
  /** The booking, read after its cancellation was refused. */
  readonly existence?: Existence;
}

/** Another appointment, named by the marks of our mirror. */
export interface MarkedFor {
  readonly appointmentId: string;
  readonly map: BookingEventMap | null;
  readonly existence: Existence;
  /** Whether our own booking exists, although its reading only assumes that it is live. */
  readonly own?: Existence;
}

/** An appointment of ours that holds a slot. */
export interface SlotHolder {
  readonly map: BookingEventMap;
  /** Absent if not observed. */
  readonly event?: CalendarEvent;
}

/** The events of a calendar with our marks and without a map. */
export interface Removals {
  /** Number without a live booking: these would be removed. */
  readonly would: number;
  /** Number of future events with our marks, with or without a map. */
  readonly of: number;
  /** The booking system has returned a record for an appointment whose event is in our calendars. */
  readonly isAccountProven: boolean;
}

/**
 * The known state of an appointment in one round: one immutable value. An absent field was not observed in this round; `null`
 * means "none".
 */
export interface Situation {
  readonly appointmentId: string;
  readonly now: Instant;
  /** Start of the window of polls. Earlier bookings and events are history. */
  readonly historyBefore: Instant;
  readonly map: BookingEventMap | null;
  readonly booking?: BookingReading | undefined;
  readonly event?: EventReading | undefined;
  /** The events that lists have shown. A later reading by id may still show an earlier state. */
  readonly listed?: readonly EventReading[];
  /** The booking system has refused the change that an edit of the event requires, without any other explanation. */
  readonly refusal: SyncError | null;
  /** The refused change, before the booking was read again. */
  readonly refused?: RefusedChange;
  /** The latest poll does not list the booking. */
  readonly missingFromList?: boolean;
  /** The task was claimed before. An earlier attempt may have been interrupted at any point. */
  readonly retried?: boolean;
  readonly taskCreatedAt?: Instant;
  /** The dead letter is retried, by an administrator or automatically. */
  readonly replayed?: boolean;
  /** The held edit of this appointment that a person has released or reverted, if that is not executed yet. */
  readonly decided?: EditRecord;
  /** Earlier observations are lost or outdated. Read again before any decision. */
  readonly reread?: { readonly event: EventRef | null; readonly booking: boolean };
  /**
   * Other bookings in the target slot of a started reschedule, and those elsewhere that replace this one by their note. The booking
   * was read by its id at the same time.
   */
  readonly inSlot?: readonly Booking[];
  readonly rebooking?: Rebooking;
  /** The event under the (next) derived id, with its proof. Null if it exists in no bay's calendar. */
  readonly derived?: EventReading | null;
  readonly original?: Original | null;
  /** The records of user edits, of all appointments. */
  readonly edits?: readonly EditRecord[] | undefined;
  /** Number of future mirrors, by bay. */
  readonly mirrors?: ReadonlyMap<string, number>;
  /** The other live events with this appointment's marks. */
  readonly copies?: readonly EventReading[];
  /** The map's event, read by its id, if another event was observed. */
  readonly mirror?: EventReading;
  /**
   * Observed active events with this appointment's marks at another place than the map's event. One that was read again by
   * its id in its calendar is proven.
   */
  readonly others?: readonly EventReading[];
  /** The appointment named by the marks of the map's event. */
  readonly markedFor?: MarkedFor;
  /** The appointment that holds the slot of an edit. Null if none of ours does. */
  readonly slotHolder?: SlotHolder | null;
  readonly removals?: Removals;
  /** Addresses that count as our account. Absent if unknown. */
  readonly accounts?: readonly string[];
  /** A reschedule of another booking into the same slot is in progress. This booking may be its result. */
  readonly contested?: boolean | undefined;
}
