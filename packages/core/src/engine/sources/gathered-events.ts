import type { FeedStop } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { EventRef } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { isAbsent } from '../observe/event-reader.js';
import type { SourceRun } from './source.js';
import type { WorkItem } from '../queue/work-item.js';

/** The work for an event that belongs to another bay's calendar. */
export interface Away {
  readonly work: WorkItem;
  readonly home: EventRef;
}

/** The result of one list of a calendar. */
export interface Gathered {
  read: number;
  tasks: number;
  writable: boolean | null;
  /** Deleted events of ours, held back in a full list until the guard has decided. */
  readonly gone: WorkItem[];
  /** The same for events that belong to another bay's calendar: most have only moved there. */
  readonly away: Away[];
  /** The ids of all live events of a full list. */
  readonly live: Set<string>;
  nextSyncToken: string | null;
}

/**
 * Returns the events that are not in their bay's calendar either: the tombstone of a move is no deletion. Read only for a run
 * that would trip the guard, since it needs one read each.
 */
export async function missingAtHome(
  away: readonly Away[],
  { calendars }: Pick<EngineParts, 'calendars'>,
): Promise<Result<Away[], SyncError>> {
  const missed: Away[] = [];
  for (const one of away) {
    const event = await calendars.getEvent(one.home.calendarId, one.home.eventId);
    if (event.ok && event.val.state === 'live') continue;
    if (event.err && !isAbsent(event.val)) return event;
    missed.push(one);
  }
  return Ok(missed);
}

/** Returns the result of a run for its report. */
export function runOf(bay: string, { read, tasks, writable }: Gathered, stopped: FeedStop | null): SourceRun {
  const warnings = writable === false ? [`the calendar of bay ${bay} is shared with us for reading only`] : [];
  return { read, tasks, stopped, warnings, notes: [] };
}
