import type { Instant } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import { isSamePlace, type EventRef, type Trigger } from '../../domain/task.js';
import type { BookingReading, EventReading, Observation } from '../../rules/situation.js';
import type { Debounce } from './debounce.js';

/** An appointment that needs attention, with its observation. */
export interface WorkItem {
  readonly appointmentId: string;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly observed: Partial<Observation>;
  /** Fingerprint of the observed booking: the same change is stored once. Null: always stored. */
  readonly fingerprint: string | null;
}

/** The changes of an appointment that this process has stored since its task last ended here. */
export interface PendingChange {
  /** Fingerprint of the last change. Null for a hint or an event. */
  readonly fingerprint: string | null;
  readonly storedAt: Instant;
  /** When the first of the changes was stored, or the task last continued. */
  readonly since: Instant;
  /** Number of marks of the task by this process. */
  readonly marks: number;
}

interface HintState {
  readonly debounce: Debounce;
  /** Number of starts of the appointment's work. */
  readonly starts: number;
  /** A hint is stored, and its work has not started. */
  readonly isStored: boolean;
  /** A trigger other than a hint came during the work. */
  readonly bypassDebounce: boolean;
}

/** The state of one appointment that this process keeps in memory between two runs of its task. */
export interface AppointmentState {
  /** Readings that wait for the task. Null if there are none: then the task reads both sides again. */
  readonly observation: Observation | null;
  readonly pending: PendingChange | null;
  readonly hint: HintState | null;
  /** The appointment has a dead letter, with its event if it names one. */
  readonly deadLetter: { readonly event: EventRef | null } | null;
  /** The task waits until a circuit closes. */
  readonly isDeferred: boolean;
  /** By system: its number of successful calls when the task first failed there. */
  readonly successesBefore: Readonly<Partial<Record<SyncSystem, number>>>;
}

/** The state of an unknown appointment. */
export const EMPTY: AppointmentState = {
  observation: null,
  pending: null,
  hint: null,
  deadLetter: null,
  isDeferred: false,
  successesBefore: {},
};

export interface AppointmentStatesOptions {
  /** Other replicas process tasks too, and do not report their results here. */
  readonly isShared: boolean;
  /** In a shared store a pending change counts as completed after this number of milliseconds. */
  readonly pendingExpiresMs: number;
}

/** A trigger to be stored as a task. */
export interface Change {
  readonly item: WorkItem;
  readonly event: EventRef | null;
  readonly dueAt: Instant;
  /** Call after it is stored. */
  stored(): void;
}

const NOTHING: Observation = {
  booking: null,
  changedAt: -Infinity,
  events: [],
  mustReread: false,
  missingFromList: false,
};

/** Adds readings to an observation (null: none yet). Of two readings of the same record the later one counts. */
export function mergeObservation(observation: Observation | null, observed: Partial<Observation>): Observation {
  const before = observation ?? NOTHING;
  const changedAt = Math.max(before.changedAt, observed.changedAt ?? before.changedAt);
  const booking = laterBooking(before.booking, observed.booking ?? null);
  return {
    booking: booking && booking.at >= changedAt ? booking : null,
    changedAt,
    events: (observed.events ?? []).reduce(withEvent, before.events),
    mustReread: before.mustReread || (observed.mustReread ?? false),
    missingFromList: before.missingFromList || (observed.missingFromList ?? false),
  };
}

function laterBooking(a: BookingReading | null, b: BookingReading | null): BookingReading | null {
  if (a === null || b === null) return b ?? a;
  return b.at >= a.at ? b : a;
}

function withEvent(events: readonly EventReading[], reading: EventReading): readonly EventReading[] {
  const isSame = ({ event }: EventReading): boolean => isSamePlace(event, reading.event);
  if (events.some((earlier) => isSame(earlier) && earlier.at > reading.at)) return events;
  return [...events.filter((earlier) => !isSame(earlier)), reading];
}
