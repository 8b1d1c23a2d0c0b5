import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { Result } from '../../result.js';

/** What one run of a source read and found. */
export interface SourceRun {
  readonly read: number;
  readonly tasks: number;
  readonly stopped: FeedStop | null;
  /** Faults that keep the service from its job. */
  readonly warnings: readonly string[];
  /** Oddities that keep the service from nothing. */
  readonly notes: readonly string[];
}

/** Something that is polled for changes: the bookings, or one bay's calendar. */
export interface Source {
  /** Its name in states, metrics and commands. */
  readonly feed: string;
  readonly bay: string | null;
  readonly calendarId: string | null;
  readonly everySeconds: number;
  /** It remembers something from run to run: the replica that ran it last goes on running it. */
  readonly sticky: boolean;
  /** A person waits for the run (true), or its turn comes as it may (false). */
  expedite?(isUrgent: boolean): void;
  /** One run, from the state as stored (null: the first ever). Saves what it has to remember itself. */
  run(state: FeedState | null): Promise<Result<SourceRun, SyncError>>;
}

/** Calls back to the engine. */
export interface SourceHooks {
  /** The source was read, here or by another replica. */
  readonly onRead?: () => void;
  /** The source's state is gone though it was stored: the store was emptied. The run waits for the answer. */
  readonly onStoreEmptied?: () => Promise<void>;
}
