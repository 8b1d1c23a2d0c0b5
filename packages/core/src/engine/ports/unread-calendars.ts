import type { Bay } from '../../domain/bay.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CallDecorator } from '../../ports/decorate-port.js';
import { Err } from '../../result.js';

/**
 * Holds back writes to calendars that were never read: an event that is there already would be made twice. All other
 * calendars are written at once (docs/decision-table.md#guards). The task of a held write waits and loses no attempt.
 */
export class UnreadCalendars {
  /** Names of the bays, by calendar. */
  readonly #bays = new Map<string, string>();

  /** None of these was read yet. */
  hold(bays: readonly Bay[]): void {
    for (const { bay, calendarId } of bays) this.#bays.set(calendarId, bay);
  }

  isHeld(calendarId: string): boolean {
    return this.#bays.has(calendarId);
  }

  /** The calendar was read, and all work that began before has ended. */
  release(calendarId: string): void {
    this.#bays.delete(calendarId);
  }

  /** Names of the bays whose calendars were never read. */
  list(): readonly string[] {
    return [...this.#bays.values()];
  }

  /** Answers a write to an unread calendar instead of sending it. */
  readonly heldWrites: CallDecorator = async ({ system, method, effect, target }, send) => {
    const calendarId = target.toCalendarId ?? target.calendarId;
    const bay = effect === 'write' && calendarId !== undefined ? this.#bays.get(calendarId) : undefined;
    if (bay === undefined) return send();
    const message = `the calendar of bay ${bay} was not read yet, so nothing is written to it`;
    return Err<SyncError>({ kind: 'transient', system, method, message, unsent: true });
  };
}
