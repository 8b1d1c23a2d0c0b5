import type { EventRef } from '../../domain/task.js';
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
