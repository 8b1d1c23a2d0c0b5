import type { Bay } from '../../domain/bay.js';
import type { Booking } from '../../domain/booking.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CallDecorator } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';

/** Was the appointment's booking created since that time, so that no calendar has an earlier event of it? */
export type MadeSince = (appointmentId: string, since: Instant) => boolean;

/**
 * Holds back writes to calendars that were never read, because an existing event would be created twice. Other calendars are
 * writable at once, unless the store knows no calendar: then the event may be in any of them
 * (docs/decision-table.md#guards). The task of a held write waits without losing an attempt.
 */
export class UnreadCalendars {
  /** Names of the bays, by calendar. */
  readonly #bays = new Map<string, string>();
  #heldSince: Instant = 0;
  #isFirstReading = false;

  /** Holds back writes to these calendars. @param isFirstReading the store knows no calendar; ends with `endFirstReading` */
  hold(bays: readonly Bay[], now: Instant, isFirstReading: boolean): void {
    for (const { bay, calendarId } of bays) this.#bays.set(calendarId, bay);
    this.#heldSince = now;
    this.#isFirstReading = isFirstReading;
  }

  isHeld(calendarId: string): boolean {
    return this.#bays.has(calendarId);
  }

  /** Call when every calendar was read once, or cannot be read now. */
  endFirstReading(): void {
    this.#isFirstReading = false;
  }

  /** Call when the calendar was read, and all earlier work has ended. */
  release(calendarId: string): void {
    this.#bays.delete(calendarId);
  }

  /** Returns the names of the bays whose calendars were never read. */
  list(): readonly string[] {
    return [...this.#bays.values()];
  }

  /**
   * Answers a write to an unread calendar instead of sending it. The event of a booking that was created since is inserted:
   * its id cannot be used twice in its own calendar, and no other calendar can have it.
   */
  heldWrites(wasMadeSince: MadeSince): CallDecorator {
    return async ({ system, method, effect, target }, send) => {
      const { calendarId, toCalendarId, appointmentId } = target;
      const why = effect === 'write' ? this.#whyHeld(toCalendarId ?? calendarId) : null;
      if (why === null) return send();
      const isInsert = method === 'insertEvent' && appointmentId !== undefined;
      if (isInsert && wasMadeSince(appointmentId, this.#heldSince)) return send();
      const message = `${why}, so nothing is written to it`;
      return Err<SyncError>({ kind: 'transient', system, method, message, unsent: true });
    };
  }

  #whyHeld(calendarId: string | undefined): string | null {
    const bay = calendarId === undefined ? undefined : this.#bays.get(calendarId);
    if (bay !== undefined) return `the calendar of bay ${bay} was not read yet`;
    return this.#isFirstReading ? 'the calendars of other bays were not read yet' : null;
  }
}

/**
 * Was the booking created after `since`, so that no event can exist for it? A creation time further in the future than the
 * allowed clock difference proves nothing.
 */
export function wasMadeSince(
  booking: Pick<Booking, 'createdAt'> | null,
  since: Instant,
  now: Instant,
  slackMs: number,
): boolean {
  const createdAt = booking?.createdAt ?? null;
  return createdAt !== null && createdAt > since && createdAt <= now + slackMs;
}
