import { isShared } from '../../ports/sync-store.js';
import type { Bay } from '../../domain/bay.js';
import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { CalendarEvent } from '../../domain/calendar-event.js';
import { calendarFeedName, type FeedState, type FeedStop } from '../../domain/feed-state.js';
import { HOUR, MINUTE } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Err, Ok, type Result } from '../../result.js';
import { appointmentOfEventId } from '../../rules/event-marks.js';
import { eventAttention } from '../../rules/needs-attention.js';
import { isKnownVersion, isManaged } from '../../rules/rules.js';
import type { EventReading } from '../../rules/situation.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import type { EngineParts } from '../engine-parts.js';
import type { CallCause } from '../ports/call-priority.js';
import { isTokenRefused } from '../observe/event-reader.js';
import { guardStop, stopItem } from '../../rules/mass-cancel-guard.js';
import { forgetCopies, noteDeletions, noteEdits, whoseDeletionIsRecorded, type EditedMirror } from './note-edits.js';
import { missingAtHome, runOf, type Gathered } from './gathered-events.js';
import type { Source, SourceRun } from './source.js';
import type { WorkItem } from '../queue/work-item.js';
import type { TaskQueue } from '../queue/task-queue.js';

/** Minimum age of the stored token of an unchanged calendar before it is stored again: a sync without changes writes nothing. */
const TOKEN_REFRESH_MS: number = 6 * HOUR;
/** Maximum difference of the clocks of replicas. */
const CLOCK_TOLERANCE_MS: number = MINUTE;
/** Maximum number of pages: an endless list is a fault of the other side. */
const MAX_PAGES = 1000;

/** Finds the map of an event. */
type MapLookup = (eventId: string) => Promise<Result<BookingEventMap | null, SyncError>>;

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
  /** Rate limited with the priority of the run. */
  readonly #calendars: CalendarSystem;
  #cause: CallCause = 'schedule';
  #changes = 0;

  constructor(bay: Bay, parts: EngineParts, queue: TaskQueue) {
    this.feed = calendarFeedName(bay.calendarId);
    this.bay = bay.bay;
    this.calendarId = bay.calendarId;
    this.everySeconds = parts.settings.google.sweepSeconds;
    this.#parts = parts;
    this.#queue = queue;
    this.#calendars = parts.calendarsFor(() => this.#cause);
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
    return this.#changes;
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
    const listed = await this.#list(token, (eventId) => this.#parts.store.findMapByEvent(eventId));
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
    const listed = await this.#list(null, async (eventId) => {
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
    for (const map of mirrors) {
      if (gathered.live.has(map.googleEventId) || reported.has(map.uscheduleAppointmentId)) continue;
      gathered.gone.push(this.#work(map.uscheduleAppointmentId, map.googleEventId, null));
    }
    const stopOf = (works: readonly WorkItem[]): FeedStop | null => {
      const ids = new Set(works.map(({ appointmentId }) => appointmentId));
      const items = maps.val
        .filter((map) => ids.has(map.uscheduleAppointmentId))
        .map((map) => stopItem(map, 'cancel booking'));
      const change = { what: 'events are gone', wouldCancel: works.length, mirrors: mirrors.length, items };
      return guardStop(change, state, settings.rules, now);
    };
    let { away } = gathered;
    const withAway = [...gathered.gone, ...away.map(({ work }) => work)];
    if (stopOf(gathered.gone) === null && stopOf(withAway) !== null) {
      const missed = await missingAtHome(away, this.#parts);
      if (missed.err) return missed;
      away = missed.val;
    }
    const gone = [...gathered.gone, ...away.map(({ work }) => work)];
    const stopped = stopOf(gone);
    if (!stopped) {
      const noted = await noteDeletions(gone, maps.val, state?.resumed === true, this.#parts);
      if (noted.err) return noted;
      const added = await this.#queue.add(gone);
      if (added.err) return added;
      gathered.tasks += gone.length;
    }
    const saved = await this.#saveToken(state, null, gathered, stopped);
    return saved.err ? saved : Ok(runOf(this.bay, gathered, stopped));
  }

  async #list(syncToken: string | null, mapOf: MapLookup): Promise<Result<Gathered, SyncError>> {
    const { clock } = this.#parts;
    const gathered: Gathered = {
      read: 0,
      tasks: 0,
      writable: null,
      gone: [],
      away: [],
      live: new Set(),
      nextSyncToken: null,
    };
    let pageToken: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const at = clock.now();
      const page = await this.#calendars.listEvents(this.calendarId, { syncToken, pageToken });
      if (page.err) return page;
      const works: WorkItem[] = [];
      const edited: EditedMirror[] = [];
      const unknown: CalendarEvent[] = [];
      const unchanged: EditedMirror[] = [];
      for (const event of page.val.events) {
        this.#parts.markedEvents.note(event);
        const map = await mapOf(event.eventId);
        if (map.err) return map;
        if (syncToken === null && event.state === 'live') gathered.live.add(event.eventId);
        if (map.val === null && !isManaged(event)) unknown.push(event);
        const time = { now: at, historyBefore: this.#parts.windowAt(at).from };
        const appointmentId =
          eventAttention(event, map.val, time, this.#parts.rules) ??
          (syncToken ? this.#unrecorded(event, map.val) : null);
        if (appointmentId === null) {
          if (map.val?.status === 'ACTIVE' && event.state === 'live' && !isKnownVersion(event, map.val))
            unchanged.push({ event, map: map.val });
          continue;
        }
        const work = this.#work(appointmentId, event.eventId, { at, event, proven: false });
        if (map.val?.status === 'ACTIVE') edited.push({ event, map: map.val });
        if (syncToken !== null || event.state !== 'gone') works.push(work);
        else if (!map.val || map.val.googleCalendarId === this.calendarId) gathered.gone.push(work);
        else gathered.away.push({ work, home: { calendarId: map.val.googleCalendarId, eventId: event.eventId } });
        if (!this.#queue.isBusyWith(appointmentId)) this.#changes++;
      }
      const back = await whoseDeletionIsRecorded(unchanged, this.#parts);
      if (back.err) return back;
      for (const { event, map } of back.val)
        works.push(this.#work(map.uscheduleAppointmentId, event.eventId, { at, event, proven: false }));
      const noted = await noteEdits(edited, at, this.#parts);
      if (noted.err) return noted;
      const forgotten = await forgetCopies(unknown, this.#parts);
      if (forgotten.err) return forgotten;
      const added = await this.#queue.add(works);
      if (added.err) return added;
      gathered.read += page.val.events.length;
      gathered.tasks += works.length;
      gathered.writable = page.val.writable ?? gathered.writable;
      gathered.nextSyncToken = page.val.nextSyncToken;
      pageToken = page.val.nextPageToken;
      if (pageToken === null) return Ok(gathered);
    }
    return Err({
      kind: 'transient',
      system: this.#parts.systems.calendars,
      method: 'listEvents',
      message: 'the list of events does not end',
    });
  }

  /** An event of ours that is deleted before its insert is recorded: only its id names its appointment. */
  #unrecorded(event: CalendarEvent, map: BookingEventMap | null): string | null {
    if (map !== null || event.state !== 'gone') return null;
    const appointmentId = appointmentOfEventId(event.eventId);
    const inTheMaking =
      appointmentId !== null && (isShared(this.#parts.store) || this.#queue.isBusyWith(appointmentId));
    return inTheMaking ? appointmentId : null;
  }

  #work(appointmentId: string, eventId: string, reading: EventReading | null): WorkItem {
    return {
      appointmentId,
      trigger: 'sweep',
      event: { calendarId: this.calendarId, eventId },
      observed: reading ? { events: [reading] } : { mustReread: true },
      fingerprint: null,
    };
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
