import type { BookingEventMap } from '../domain/booking-event-map.js';
import { calendarFeedName } from '../domain/feed-state.js';
import type { SyncError } from '../domain/sync-error.js';
import { Ok, type Result } from '../result.js';
import { isClosedCalendar } from '../rules/rules.js';
import type { EngineParts } from './engine-parts.js';

/**
 * The record of the store with the calendars of all settings so far. It has the form of a feed's state, but belongs to
 * no feed.
 */
const RECORD = 'calendars';
/** Maximum number of remembered calendars. The calendars of the settings come first. */
const MOST_REMEMBERED = 500;

type Parts = Pick<EngineParts, 'store' | 'rules' | 'clock'>;

/**
 * The calendars of bays that were removed from the settings, or have another calendar now. An event may have been moved
 * there before, or may be moved there still: it is not deleted (docs/decision-table.md#replaced-calendars).
 */
export class ClosedCalendars {
  readonly #parts: Parts;
  readonly #withoutToken = new Set<string>();
  #recorded: readonly string[] | null = null;
  #isRemembered = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the closed calendars, as the settings of this process and of all earlier ones show them. */
  async ids(): Promise<Result<readonly string[], SyncError>> {
    const stored = await this.#read();
    return stored.map((ids) => ids.filter((calendarId) => isClosedCalendar(calendarId, this.#parts.rules)));
  }

  /** Adds the calendars of the settings to the record, once per process. */
  async remember(): Promise<Result<void, SyncError>> {
    if (this.#isRemembered) return Ok.EMPTY;
    const stored = await this.#read();
    if (stored.err) return stored;
    const { store, rules, clock } = this.#parts;
    const open = rules.routing.bays.map(({ calendarId }) => calendarId);
    const all = [...new Set([...open, ...stored.val])].slice(0, MOST_REMEMBERED);
    if (open.some((calendarId) => !stored.val.includes(calendarId))) {
      const record = { feed: RECORD, syncToken: all.join('\n'), tokenParameters: null, stopped: null, resumed: false };
      const saved = await store.putFeedState({ ...record, savedAt: clock.now() });
      if (saved.err) return saved;
    }
    this.#isRemembered = true;
    return Ok.EMPTY;
  }

  /**
   * Removes the sync token of each closed calendar, once per process. A bay that returns to the settings is then listed in
   * full: an edit that was listed while the bay was closed changed no booking, and a token would not list it again.
   */
  async forgetTokens(): Promise<Result<void, SyncError>> {
    const { store } = this.#parts;
    const ids = await this.ids();
    if (ids.err) return ids;
    for (const calendarId of ids.val) {
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

  /** Returns a note for each closed calendar with mirrors: its events are kept. */
  notes(mirrors: readonly BookingEventMap[]): readonly string[] {
    const counts = new Map<string, number>();
    for (const { googleCalendarId } of mirrors) {
      if (isClosedCalendar(googleCalendarId, this.#parts.rules))
        counts.set(googleCalendarId, (counts.get(googleCalendarId) ?? 0) + 1);
    }
    return [...counts].map(
      ([calendarId, count]) =>
        `${count} events remain in calendar ${calendarId}, which belongs to no bay of the settings. Add the bay again, or list ` +
        'and remove them with "loft-sync copies --closed-bays"',
    );
  }

  async #read(): Promise<Result<readonly string[], SyncError>> {
    if (this.#recorded) return Ok(this.#recorded);
    const state = await this.#parts.store.getFeedState(RECORD);
    if (state.err) return state;
    this.#recorded = state.val?.syncToken?.split('\n') ?? [];
    return Ok(this.#recorded);
  }
}
