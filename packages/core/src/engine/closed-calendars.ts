import type { BookingEventMap } from '../domain/booking-event-map.js';
import { calendarFeedName } from '../domain/feed-state.js';
import type { SyncError } from '../domain/sync-error.js';
import type { Instant } from '../domain/instant.js';
import { Ok, type Result } from '../result.js';
import { isClosedCalendar } from '../rules/rules.js';
import type { EngineParts } from './engine-parts.js';

/**
 * The record of the store with the calendars of all settings so far, one a line; a closed one is followed by a tab and the time
 * since which it is closed. The record has the form of a feed's state, but belongs to no feed.
 */
const RECORD = 'calendars';
/** Maximum number of remembered calendars. The calendars of the settings come first. */
const MOST_REMEMBERED = 500;

type Parts = Pick<EngineParts, 'store' | 'rules' | 'clock'>;

interface RecordedCalendar {
  readonly calendarId: string;
  /** The first poll with settings that lack the calendar. Null if there was none yet. */
  readonly closedAt: Instant | null;
}

/**
 * The calendars of bays that were removed from the settings, or have another calendar now. An event may have been moved
 * there before, or may be moved there still: it is not deleted (docs/decision-table.md#replaced-calendars).
 */
export class ClosedCalendars {
  readonly #parts: Parts;
  readonly #withoutToken = new Set<string>();
  #recorded: readonly RecordedCalendar[] | null = null;
  #isRemembered = false;
  #isLost = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the closed calendars, as the settings of this process and of all earlier ones show them. */
  async list(): Promise<Result<readonly RecordedCalendar[], SyncError>> {
    const stored = await this.#read();
    return stored.map((all) => all.filter(({ calendarId }) => isClosedCalendar(calendarId, this.#parts.rules)));
  }

  /**
   * Adds the calendars of the settings to the record, and the time since which others are closed: once per process, and again
   * when the clock was corrected since.
   */
  async remember(): Promise<Result<void, SyncError>> {
    if (this.#isRemembered && !this.#isClosedInFuture()) return Ok.EMPTY;
    const stored = await this.#read();
    const closed = await this.list();
    if (stored.err) return stored;
    if (closed.err) return closed;
    const { store, rules, clock } = this.#parts;
    const now = clock.now();
    const open = rules.routing.bays.map(({ calendarId }) => ({ calendarId, closedAt: null }));
    // A time in the future comes from a clock that was corrected since.
    const timed = closed.val.map(({ calendarId, closedAt }) => ({
      calendarId,
      closedAt: Math.min(closedAt ?? now, now),
    }));
    const all = [...open, ...timed].slice(0, MOST_REMEMBERED);
    const lines = (calendars: readonly RecordedCalendar[]): string => calendars.map(lineOf).toSorted().join('\n');
    if (this.#isLost || lines(all) !== lines(stored.val)) {
      const syncToken = all.map(lineOf).join('\n');
      const record = { feed: RECORD, syncToken, tokenParameters: null, stopped: null, resumed: false };
      const saved = await store.putFeedState({ ...record, savedAt: now });
      if (saved.err) return saved;
      this.#recorded = all;
      this.#isLost = false;
    }
    this.#isRemembered = true;
    return Ok.EMPTY;
  }

  #isClosedInFuture(): boolean {
    const now = this.#parts.clock.now();
    return this.#recorded?.some(({ closedAt }) => closedAt !== null && closedAt > now) ?? false;
  }

  /** The store was emptied while the engine runs: the next poll stores the record of this process again. */
  storeEmptied(): void {
    this.#isRemembered = false;
    this.#isLost = true;
  }

  /**
   * Removes the sync token of each closed calendar, once per process. A bay that returns to the settings is then listed in
   * full: an edit that was listed while the bay was closed changed no booking, and a token would not list it again.
   */
  async forgetTokens(): Promise<Result<void, SyncError>> {
    const { store } = this.#parts;
    const closed = await this.list();
    if (closed.err) return closed;
    for (const { calendarId } of closed.val) {
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

  async #read(): Promise<Result<readonly RecordedCalendar[], SyncError>> {
    if (this.#recorded) return Ok(this.#recorded);
    const state = await this.#parts.store.getFeedState(RECORD);
    if (state.err) return state;
    this.#recorded = state.val?.syncToken?.split('\n').map(calendarOfLine) ?? [];
    return Ok(this.#recorded);
  }
}

function lineOf({ calendarId, closedAt }: RecordedCalendar): string {
  return closedAt === null ? calendarId : `${calendarId}\t${closedAt}`;
}

function calendarOfLine(line: string): RecordedCalendar {
  const [calendarId = '', closedAt] = line.split('\t');
  return { calendarId, closedAt: closedAt === undefined ? null : Number(closedAt) };
}
