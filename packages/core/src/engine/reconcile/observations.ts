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
  readonly recall: boolean;
  /** It is missing from the list, where it should be. */
  readonly unlisted: boolean;
}

const NOTHING: Observation = { booking: null, changedAt: -Infinity, events: [], recall: false, unlisted: false };

/** Above so many appointments the oldest observations are dropped; they are read again. */
const CAPACITY = 20_000;

/**
 * Observations of appointments whose tasks are not worked on yet. In memory only: a task that has none here was
 * stored by another process, or before a crash, and everything it is about is read again.
 */
export class Observations {
  readonly #waiting = new Map<string, Observation>();

  /** Adds to what is known; of two readings of the same thing the later one counts. */
  add(appointmentId: string, seen: Partial<Observation>): void {
    const known = this.#waiting.get(appointmentId) ?? NOTHING;
    const changedAt = Math.max(known.changedAt, seen.changedAt ?? known.changedAt);
    const booking = laterBooking(known.booking, seen.booking ?? null);
    this.#waiting.set(appointmentId, {
      booking: booking && booking.at >= changedAt ? booking : null,
      changedAt,
      events: (seen.events ?? []).reduce(withEvent, known.events),
      recall: known.recall || (seen.recall ?? false),
      unlisted: known.unlisted || (seen.unlisted ?? false),
    });
    if (this.#waiting.size > CAPACITY) {
      for (const oldest of this.#waiting.keys()) {
        this.#waiting.delete(oldest);
        break;
      }
    }
  }

  /** Hands over what is known, once. null: nothing was ever noted, not even a hint. */
  take(appointmentId: string): Observation | null {
    const known = this.#waiting.get(appointmentId) ?? null;
    this.#waiting.delete(appointmentId);
    return known;
  }

  /** Its task is gone: what is left was seen before something else was done, and does not stand for what comes later. */
  drop(appointmentId: string): void {
    this.#waiting.delete(appointmentId);
  }
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
