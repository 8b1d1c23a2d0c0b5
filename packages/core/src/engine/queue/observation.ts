import type { Instant } from '../../domain/instant.js';
import type { BookingReading, EventReading } from '../../rules/situation.js';

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
