import type { Instant } from '../../domain/instant.js';
import type { BookingReading, EventReading } from '../../rules/situation.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import type { WorkItem } from './work-item.js';
import type { Debounce } from './debounce.js';

/** What this process has stored about an appointment since its task was last finished here. */
export interface PendingChange {
  /** Of the last change; null: of a hint or an event. */
  readonly fingerprint: string | null;
  readonly storedAt: Instant;
  /** When the first of the changes was stored, or the task last went on. */
  readonly since: Instant;
  /** How often this process has marked the task. */
  readonly marks: number;
}

interface HintState {
  readonly debounce: Debounce;
  /** How often the appointment's work has started. */
  readonly starts: number;
  /** A hint is stored, and its work has not started. */
  readonly isStored: boolean;
  /** A trigger that is no hint came during the work. */
  readonly bypassDebounce: boolean;
}

/** All that this process keeps in memory of one appointment between two runs of its task. */
export interface AppointmentState {
  /** Readings that wait for the task; null: none, so the task reads both sides again. */
  readonly observation: Observation | null;
  readonly pending: PendingChange | null;
  readonly hint: HintState | null;
  /** The appointment has a dead letter, about this event where it names one. */
  readonly deadLetter: { readonly event: EventRef | null } | null;
  /** The task waits until a circuit closes. */
  readonly isDeferred: boolean;
  /** By system: how often it had succeeded when the task first failed there. */
  readonly successesBefore: Readonly<Partial<Record<SyncSystem, number>>>;
}

/** The state of an appointment of which nothing is known. */
export const EMPTY: AppointmentState = {
  observation: null,
  pending: null,
  hint: null,
  deadLetter: null,
  isDeferred: false,
  successesBefore: {},
};

export interface AppointmentStatesOptions {
  /** Other replicas work on the tasks too, and do not report what they finish. */
  readonly isShared: boolean;
  /** In a shared store a pending change is taken for finished after this many milliseconds. */
  readonly pendingExpiresMs: number;
}

/** A trigger that is to be stored as a task. */
export interface Change {
  readonly item: WorkItem;
  readonly event: EventRef | null;
  readonly dueAt: Instant;
  /** Call when it is stored. */
  stored(): void;
}

/** What was seen of one appointment on the way to its task: the reason the usual change costs no extra read. */
export interface Observation {
  readonly booking: BookingReading | null;
  /** When the booking was last said to have changed: an earlier reading of it says nothing. */
  readonly changedAt: Instant;
  /** The latest reading of each event that bears on it. */
  readonly events: readonly EventReading[];
  /** Something was lost on the way: the event has to be read again as after a crash. */
  readonly mustReread: boolean;
  /** It is missing from the list, where it should be. */
  readonly missingFromList: boolean;
}

const NOTHING: Observation = {
  booking: null,
  changedAt: -Infinity,
  events: [],
  mustReread: false,
  missingFromList: false,
};

/** Adds readings to an observation (null: none yet); of two readings of the same thing the later one counts. */
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
  const isSame = ({ event }: EventReading): boolean =>
    event.eventId === reading.event.eventId && event.calendarId === reading.event.calendarId;
  if (events.some((known) => isSame(known) && known.at > reading.at)) return events;
  return [...events.filter((known) => !isSame(known)), reading];
}
