import type { EventRef } from '../../domain/task.js';
import type { WorkItem } from '../queue/work-item.js';

/** The work for an event whose home is another bay's calendar. */
export interface Away {
  readonly work: WorkItem;
  readonly home: EventRef;
}

/** What one list of a calendar has gathered. */
export interface Gathered {
  read: number;
  tasks: number;
  writable: boolean | null;
  /** Events of ours that are gone, held back in a full list until the guard has decided. */
  readonly gone: WorkItem[];
  /** The same of events whose home is another bay's calendar: most have only moved there. */
  readonly away: Away[];
  /** Every live event id of a full list. */
  readonly live: Set<string>;
  nextSyncToken: string | null;
}
