import { isShared } from '../../ports/sync-store.js';
import { refOf, type BookingEventMap } from '../../domain/booking-event-map.js';
import { tombstone, type CalendarEvent } from '../../domain/calendar-event.js';
import type { FeedStop } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { Err, Ok, type Result } from '../../result.js';
import { isInPlace } from '../../rules/edit-record.js';
import { appointmentOfEventId } from '../../rules/event-marks.js';
import { eventAttention } from '../../rules/needs-attention.js';
import { isCandidate, isNoCopy } from '../../rules/observed-events.js';
import { isMirroredBy, otherOwners } from '../../rules/observed-maps.js';
import { isLeavingByOwnMove } from '../../rules/own-write.js';
import type { EventReading } from '../../rules/situation.js';
import { recordCandidates } from '../act/copies-of-event.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import type { TaskQueue } from '../queue/task-queue.js';
import type { WorkItem } from '../queue/appointment-state.js';
import { forgetCopies } from './ended-copies.js';
import { endUndone, noteEdits, type EditedMirror } from './note-edits.js';
import type { SourceRun } from './source.js';

/** Maximum number of pages: an endless list is a fault of the other side. */
const MAX_PAGES = 1000;

/** Finds the map of an event. */
export type MapLookup = (eventId: string) => Promise<Result<BookingEventMap | null, SyncError>>;

/** The work for an event that belongs to another bay's calendar. */
export interface Away {
  readonly work: WorkItem;
  readonly home: EventRef;
}

/** The result of one list of a calendar. */
export interface Gathered {
  readonly read: number;
  readonly tasks: number;
  /** Null if the calendar does not say. */
  readonly writable: boolean | null;
  /** Deleted events of ours, held back in a full list until the guard has decided. */
  readonly gone: readonly WorkItem[];
  /** The same for events that belong to another bay's calendar: most have only moved there. */
  readonly away: readonly Away[];
  /** The ids of all live events of a full list. */
  readonly live: ReadonlySet<string>;
  readonly nextSyncToken: string | null;
}

/** Lists one calendar page by page, and creates the tasks of each page before it asks for the next one. */
export class EventPages {
  readonly #calendarId: string;
  readonly #parts: EngineParts;
  readonly #queue: TaskQueue;
  /** Rate limited with the priority of the run. */
  readonly #calendars: CalendarSystem;
  /** Number of our events with changes so far, without those whose tasks are running. */
  changes = 0;

  constructor(calendarId: string, calendars: CalendarSystem, parts: EngineParts, queue: TaskQueue) {
    this.#calendarId = calendarId;
    this.#calendars = calendars;
    this.#parts = parts;
    this.#queue = queue;
  }

  async list(syncToken: string | null, mapOf: MapLookup): Promise<Result<Gathered, SyncError>> {
    const { clock } = this.#parts;
    const gone: WorkItem[] = [];
    const away: Away[] = [];
    const live = new Set<string>();
    let read = 0;
    let tasks = 0;
    let writable: boolean | null = null;
    let pageToken: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const sentAt = clock.now();
      const page = await this.#calendars.listEvents(this.#calendarId, { syncToken, pageToken });
      if (page.err) return page;
      // A clock that was ahead when the request was sent may be corrected by now: then no event counts as past.
      const at = Math.min(sentAt, clock.now());
      const works: WorkItem[] = [];
      const edited: EditedMirror[] = [];
      const noCopies: CalendarEvent[] = [];
      const inPlace: EditedMirror[] = [];
      const quiet: EditedMirror[] = [];
      const candidates = new Map<CalendarEvent, string>();
      for (const event of page.val.events) {
        const former = this.#parts.markedEvents.note(event);
        const map = await this.#mapOf(event, former, mapOf);
        if (map.err) return map;
        if (syncToken === null && event.state === 'live') live.add(event.eventId);
        if (map.val === null && isNoCopy(event)) {
          noCopies.push(event);
          this.#endWarning(former ?? appointmentOfEventId(event.eventId));
        }
        const time = { now: at, historyBefore: this.#parts.windowAt(at).from };
        const appointmentId =
          eventAttention(event, map.val, time, this.#parts.rules) ??
          (syncToken ? this.#unrecorded(event, map.val, former) : null);
        const mirror = map.val?.status === 'ACTIVE' ? { event, map: map.val } : null;
        if (mirror && isInPlace(event, mirror.map)) inPlace.push(mirror);
        if (appointmentId === null) {
          if (mirror && inPlace.at(-1) === mirror) quiet.push(mirror);
          continue;
        }
        if (map.val === null && isCandidate(event, appointmentId)) candidates.set(event, appointmentId);
        const work = this.work(appointmentId, event.eventId, { at, event, proven: false });
        if (mirror) edited.push(mirror);
        if (syncToken !== null || event.state !== 'gone') works.push(work);
        else if (!map.val || map.val.googleCalendarId === this.#calendarId) gone.push(work);
        else away.push({ work, home: { calendarId: map.val.googleCalendarId, eventId: event.eventId } });
        if (!this.#queue.isBusyWith(appointmentId)) this.changes++;
      }
      const restored = await endUndone(inPlace, this.#parts);
      if (restored.err) return restored;
      for (const { event, map } of quiet)
        if (restored.val.has(map.uscheduleAppointmentId) || this.#mayBeOutdated(map))
          works.push(this.work(map.uscheduleAppointmentId, event.eventId, { at, event, proven: false }));
      const noted = await noteEdits(edited, at, this.#parts);
      if (noted.err) return noted;
      const forgotten = await forgetCopies(noCopies, this.#parts);
      if (forgotten.err) return forgotten;
      const recorded = await recordCandidates(candidates, at, this.#parts.store);
      if (recorded.err) return recorded;
      const added = await this.#queue.add(works);
      if (added.err) return added;
      read += page.val.events.length;
      tasks += works.length;
      writable = page.val.writable ?? writable;
      pageToken = page.val.nextPageToken;
      const { nextSyncToken } = page.val;
      if (pageToken === null) return Ok({ read, tasks, writable, gone, away, live, nextSyncToken });
    }
    return Err({
      kind: 'transient',
      system: this.#parts.systems.calendars,
      method: 'listEvents',
      message: 'the list of events does not end',
    });
  }

  /** Returns the map of an event: of two maps of one id, the one in this calendar. */
  async #mapOf(
    event: CalendarEvent,
    former: string | null,
    mapOf: MapLookup,
  ): Promise<Result<BookingEventMap | null, SyncError>> {
    const found = await mapOf(event.eventId);
    if (found.err) return found;
    for (const appointmentId of otherOwners(event, found.val, former)) {
      const other = await this.#parts.store.getMap(appointmentId);
      if (other.err) return other;
      if (isMirroredBy(event, other.val)) return Ok(other.val);
    }
    return found;
  }

  /** An event that is no mirror is deleted or has no marks any more. No task follows: only its warning ends. */
  #endWarning(appointmentId: string | null): void {
    const { warnings } = this.#parts;
    if (appointmentId === null || warnings.get(appointmentId)?.startsWith('metadata-removed')) return;
    warnings.delete(appointmentId);
  }

  /** May a task have observed an edit that is undone now? What another replica has observed is not known. */
  #mayBeOutdated({ uscheduleAppointmentId }: BookingEventMap): boolean {
    return isShared(this.#parts.store) || this.#queue.isBusyWith(uscheduleAppointmentId);
  }

  /** An event of ours that is deleted before its insert is recorded: only its id names its appointment. */
  #unrecorded(event: CalendarEvent, map: BookingEventMap | null, former: string | null): string | null {
    const firstId = appointmentOfEventId(event.eventId);
    if (map !== null || event.state !== 'gone' || firstId === null) return null;
    // An event that was transferred has the id of an earlier appointment.
    const appointmentId = former ?? firstId;
    return isShared(this.#parts.store) || this.#queue.isBusyWith(appointmentId) ? appointmentId : null;
  }

  work(appointmentId: string, eventId: string, reading: EventReading | null): WorkItem {
    return {
      appointmentId,
      trigger: 'sweep',
      event: { calendarId: this.#calendarId, eventId },
      observed: reading ? { events: [reading] } : { mustReread: true },
      fingerprint: null,
    };
  }
}

/**
 * Returns the events that are not in their bay's calendar either: the tombstone of a move is no deletion. Read only for a run
 * that would trip the guard, since it needs one read each.
 */
export async function missingAtHome(
  away: readonly Away[],
  { calendars }: Pick<EngineParts, 'calendars'>,
): Promise<Result<readonly Away[], SyncError>> {
  const missed: Away[] = [];
  for (const one of away) {
    const event = await calendars.getEvent(one.home.calendarId, one.home.eventId);
    if (event.ok && event.val.state === 'live') continue;
    if (event.err && !isAbsent(event.val)) return event;
    missed.push(one);
  }
  return Ok(missed);
}

/**
 * Returns the work for mirrors that are still in the calendar: those that we have moved since the list began are no deletions.
 * Read only for a run that would trip the guard.
 */
export async function stillMirroredIn(
  calendarId: string,
  works: readonly WorkItem[],
  { store, rules }: Pick<EngineParts, 'store' | 'rules'>,
): Promise<Result<readonly WorkItem[], SyncError>> {
  const maps = await store.listMaps({ status: 'ACTIVE', calendarId });
  if (maps.err) return maps;
  const staying = maps.val.filter((map) => !isLeavingByOwnMove(tombstone(refOf(map)), map, rules));
  const ids = new Set(staying.map((map) => map.uscheduleAppointmentId));
  return Ok(works.filter(({ appointmentId }) => ids.has(appointmentId)));
}

/** Returns the result of a run for its report. */
export function runOf(bay: string, { read, tasks, writable }: Gathered, stopped: FeedStop | null): SourceRun {
  const warnings = writable === false ? [`the calendar of bay ${bay} is shared with us for reading only`] : [];
  return { read, tasks, stopped, warnings, notes: [] };
}
