import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import { calendarFeedName, type FeedState, type FeedStop } from '../../domain/feed-state.js';
import { HOUR, MINUTE } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import type { CallCause } from '../ports/call-quota.js';
import { isTokenRefused } from '../observe/event-reader.js';
import { guardStop, stopItems } from '../../rules/mass-cancel-guard.js';
import { forgetAbsentCopies } from './ended-copies.js';
import { noteDeletions } from './note-edits.js';
import { EventPages, missingAtHome, runOf, stillMirroredIn, type Gathered } from './event-pages.js';
import type { Source, SourceRun } from './source.js';
import type { WorkItem } from '../queue/appointment-state.js';
import type { TaskQueue } from '../queue/task-queue.js';

/** Minimum age of the stored token of an unchanged calendar before it is stored again: a sync without changes writes nothing. */
const TOKEN_REFRESH_MS: number = 6 * HOUR;
/** Maximum difference of the clocks of replicas. */
const CLOCK_TOLERANCE_MS: number = MINUTE;

/**
 * Reads one bay's calendar with its sync token and creates tasks for our events that differ from our last write. The next
 * token is stored only after the tasks of all pages (docs/google-calendar.md#incremental-sync).
 */
export class CalendarSource implements Source {
  readonly feed: string;
  readonly bay: string;
  readonly calendarId: string;
  /** This source is not sticky: its only state is the token, which is in the store. */
  readonly sticky = false;
  readonly everySeconds: number;
  readonly #parts: EngineParts;
  readonly #queue: TaskQueue;
  readonly #pages: EventPages;
  #cause: CallCause = 'schedule';

  constructor(bay: Bay, parts: EngineParts, queue: TaskQueue) {
    this.feed = calendarFeedName(bay.calendarId);
    this.bay = bay.bay;
    this.calendarId = bay.calendarId;
    this.everySeconds = parts.settings.google.sweepSeconds;
    this.#parts = parts;
    this.#queue = queue;
    const calendars = parts.calendarsFor(() => this.#cause);
    this.#pages = new EventPages(bay.calendarId, calendars, parts, queue);
  }

  /** Changes the priority of waiting calls too. */
  expedite(isUrgent: boolean): void {
    const cause = isUrgent ? 'notification' : 'schedule';
    if (cause === this.#cause) return;
    this.#cause = cause;
    this.#parts.quota.serve();
  }

  /** Number of our events with changes so far, without those whose tasks are running. */
  get changes(): number {
    return this.#pages.changes;
  }

  async run(state: FeedState | null): Promise<Result<SourceRun, SyncError>> {
    const sameParameters = state?.tokenParameters === this.#parts.calendars.listParameters;
    const token = sameParameters && !this.#isFromFuture(state) ? (state?.syncToken ?? null) : null;
    if (token === null) return this.#fullSync(state);
    const changes = await this.#incrementalSync(state, token);
    return changes.err && isTokenRefused(changes.val) ? this.#fullSync(state) : changes;
  }

  /**
   * The clock was ahead when the token was stored, and has been corrected since. Events that were listed then counted
   * as past. A full list contains them again.
   */
  #isFromFuture(state: FeedState | null): boolean {
    return state !== null && state.savedAt > this.#parts.clock.now() + CLOCK_TOLERANCE_MS;
  }

  async #incrementalSync(state: FeedState | null, token: string): Promise<Result<SourceRun, SyncError>> {
    const listed = await this.#pages.list(token, (eventId) => this.#parts.store.findMapByEvent(eventId));
    if (listed.err) return listed;
    const saved = await this.#saveToken(state, token, listed.val, null);
    return saved.err ? saved : Ok(runOf(this.bay, listed.val, null));
  }

  /** Lists everything in full. Deleted events are absent, and are found by comparison with the maps. */
  async #fullSync(state: FeedState | null): Promise<Result<SourceRun, SyncError>> {
    const { store, clock, settings } = this.#parts;
    const maps = await store.listMaps({ status: 'ACTIVE', calendarId: this.calendarId });
    if (maps.err) return maps;
    const here = new Map<string, BookingEventMap>();
    for (const map of maps.val) {
      const other = here.get(map.googleEventId);
      if (!other || other.lastSyncedAt < map.lastSyncedAt) here.set(map.googleEventId, map);
    }
    // Falls back to a store lookup for events without an active map in this calendar. They are rarely ours: a user's own
    // event, one that was moved here, or one that should be deleted.
    const listed = await this.#pages.list(null, async (eventId) => {
      const map = here.get(eventId);
      return map ? Ok(map) : store.findMapByEvent(eventId);
    });
    if (listed.err) return listed;
    const gathered = listed.val;
    const now = clock.now();
    const historyBefore = this.#parts.windowAt(now).from;
    const mirrors = maps.val.filter((map) => map.base.end > historyBefore);
    const reported = new Set(
      [...gathered.gone, ...gathered.away.map(({ work }) => work)].map((it) => it.appointmentId),
    );
    const absent = mirrors
      .filter((map) => !gathered.live.has(map.googleEventId) && !reported.has(map.uscheduleAppointmentId))
      .map((map) => this.#pages.work(map.uscheduleAppointmentId, map.googleEventId, null));
    const stopOf = (works: readonly WorkItem[]): FeedStop | null => {
      const ids = new Set(works.map(({ appointmentId }) => appointmentId));
      const items = stopItems(maps.val, ids, 'cancel booking');
      const change = { what: 'events are gone', wouldCancel: works.length, mirrors: mirrors.length, items };
      return guardStop(change, state, settings.rules, now);
    };
    let goneHere: readonly WorkItem[] = [...gathered.gone, ...absent];
    if (stopOf(goneHere) !== null) {
      const left = await stillMirroredIn(this.calendarId, goneHere, this.#parts);
      if (left.err) return left;
      goneHere = left.val;
    }
    let { away } = gathered;
    const withAway = [...goneHere, ...away.map(({ work }) => work)];
    if (stopOf(goneHere) === null && stopOf(withAway) !== null) {
      const missed = await missingAtHome(away, this.#parts);
      if (missed.err) return missed;
      away = missed.val;
    }
    const gone = [...goneHere, ...away.map(({ work }) => work)];
    const stopped = stopOf(gone);
    if (!stopped) {
      const noted = await noteDeletions(gone, maps.val, state?.resumed === true, this.#parts);
      if (noted.err) return noted;
      const added = await this.#queue.add(gone);
      if (added.err) return added;
    }
    const forgotten = await forgetAbsentCopies(this.calendarId, gathered.live, this.#parts);
    if (forgotten.err) return forgotten;
    const saved = await this.#saveToken(state, null, gathered, stopped);
    const tasks = gathered.tasks + (stopped ? 0 : gone.length);
    return saved.err ? saved : Ok(runOf(this.bay, { ...gathered, tasks }, stopped));
  }

  async #saveToken(
    state: FeedState | null,
    used: string | null,
    { nextSyncToken, read }: Gathered,
    stopped: FeedStop | null,
  ): Promise<Result<void, SyncError>> {
    const now = this.#parts.clock.now();
    const fresh = state !== null && now - state.savedAt < TOKEN_REFRESH_MS;
    if (used !== null && read === 0 && fresh && !state.resumed && !state.stopped) return Ok.EMPTY;
    if (used !== null) {
      // The clock was corrected during the list: the next run lists in full.
      if (this.#isFromFuture(state)) return Ok.EMPTY;
      // A store that was emptied during the list must not get a token: the events without maps need a full list.
      const current = await this.#parts.store.getFeedState(this.feed);
      if (current.err) return current;
      if (current.val?.syncToken !== used) return Ok.EMPTY;
    }
    return this.#parts.store.putFeedState({
      feed: this.feed,
      // Held changes would never be listed again: without a token the next run lists in full.
      syncToken: stopped ? null : (nextSyncToken ?? used),
      tokenParameters: this.#parts.calendars.listParameters,
      stopped,
      resumed: false,
      savedAt: now,
    });
  }
}
