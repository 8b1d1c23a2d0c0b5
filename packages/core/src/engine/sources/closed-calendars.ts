import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { calendarFeedName } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import { isClosedCalendar } from '../../rules/closed-calendar.js';
import type { EngineParts } from '../engine-parts.js';

/** The calendars of bays that were removed from the settings, as far as mirrors remain in them. */
export class ClosedCalendars {
  readonly #parts: Pick<EngineParts, 'store' | 'rules'>;
  readonly #withoutToken = new Set<string>();

  constructor(parts: Pick<EngineParts, 'store' | 'rules'>) {
    this.#parts = parts;
  }

  /** Returns a note for each closed calendar: its events are kept. */
  notes(mirrors: readonly BookingEventMap[]): readonly string[] {
    return [...this.#countsOf(mirrors)].map(
      ([calendarId, count]) =>
        `${count} events remain in calendar ${calendarId}, which belongs to no bay of the settings. Add the bay again, or list ` +
        'and remove them with "loft-sync copies --closed-bays"',
    );
  }

  /**
   * Removes the sync token of each closed calendar, once per process. A bay that returns to the settings is then listed in
   * full: an edit that was listed while the bay was closed changed no booking, and a token would not list it again.
   */
  async forgetTokens(mirrors: readonly BookingEventMap[]): Promise<Result<void, SyncError>> {
    const { store } = this.#parts;
    for (const calendarId of this.#countsOf(mirrors).keys()) {
      if (this.#withoutToken.has(calendarId)) continue;
      const state = await store.getFeedState(calendarFeedName(calendarId));
      if (state.err) return state;
      if (state.val && state.val.syncToken !== null) {
        const saved = await store.putFeedState({ ...state.val, syncToken: null });
        if (saved.err) return saved;
      }
      this.#withoutToken.add(calendarId);
    }
    return Ok.EMPTY;
  }

  /** Returns the number of mirrors in each closed calendar. */
  #countsOf(mirrors: readonly BookingEventMap[]): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { googleCalendarId } of mirrors) {
      if (isClosedCalendar(googleCalendarId, this.#parts.rules))
        counts.set(googleCalendarId, (counts.get(googleCalendarId) ?? 0) + 1);
    }
    return counts;
  }
}
