/** The options of `loft-sync simulate` as they are typed. */
export interface SimulateOptions {
  readonly seed?: string;
  readonly steps: string;
  readonly faults: string;
  readonly episodeSteps: string;
  readonly jobs?: string;
  readonly skip: string;
  readonly trace?: boolean;
  readonly shrink?: boolean;
  readonly json?: boolean;
}

export const DEFAULT_STEPS = 100_000;
export const DEFAULT_EPISODE_STEPS = 5000;

/** The kinds of faults, for `--help`. */
export const FAULT_HELP: string = `
Kinds of faults:
  of calls                   refused-call, lost-answer, slow-call, rate-limit, outage, stale-read,
                             empty-list, half-list, garbled-record
  of calendars               token-expired, missed-notification, dead-channel, unshared-calendar
  refused-event              every write to some events is answered 400
  forbidden-event            every write to some events is answered 403
  of the store               store-outage, store-refused, store-lost-answer, store-slow
  store-from-backup          an older copy of the store is restored
  store-emptied              the store is lost
  of processes               crash, pause, duplicate-trigger
  clock-jump                 the clock of a process is slow for a while
  clock-ahead                the clocks of all processes are far ahead for some minutes
  second-installation        the service runs twice, each with a store of its own
  many-edits                 many events are deleted or moved at once
  dependent-edits            events are dragged in chains and circles
  undo                       a deletion is undone
  fighting-tool              a tool repeats its edit after each revert
  past-edit                  visits that are over are edited, events are dragged into the past
  wiped-properties           our marks are removed from the events of a calendar
  copied-elsewhere           an event is copied to another bay, and the original deleted
  calendar-replaced          a bay gets another calendar at a restart; the old one is left, or deleted before
  bay-renamed                a bay has another name after a restart
  bay-closed                 a bay is taken out of the settings, or returns
  missing-fields             records lack their end, name or notes for a while
  list-disagrees             for some minutes the list, or every record by its id, is as it was at their beginning
  conflict-event             every write to some events is answered 409
  ids-recycled               a new booking gets the id of a cancelled or replaced one
  store-emptied-running      the database of two running replicas is emptied
  off-grid                   visits of unusual times and lengths are booked, events are dragged to such times
  purged-bin                 deleted events are removed permanently
  partial-pages              the pages of full lists of a calendar lack events
  bays-swapped               two bays exchange their units, calendars or names at a restart
`;
