import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { Result } from '../../result.js';

/** The result of one run of a source. */
export interface SourceRun {
  readonly read: number;
  readonly tasks: number;
  readonly stopped: FeedStop | null;
  /** Faults that make the service not ready. */
  readonly warnings: readonly string[];
  /** Warnings that do not affect readiness. */
  readonly notes: readonly string[];
}

/** A system that is polled for changes: the bookings, or one bay's calendar. */
export interface Source {
  /** Name in states, metrics and commands. */
  readonly feed: string;
  readonly bay: string | null;
  readonly calendarId: string | null;
  readonly everySeconds: number;
  /** The source keeps state between its runs: the last replica continues to run it. */
  readonly sticky: boolean;
  /** Sets whether a person waits for the run (true), or it has its normal priority (false). */
  expedite?(isUrgent: boolean): void;
  /** Runs once, from the stored state (null: the first run ever). Saves its own state. */
  run(state: FeedState | null): Promise<Result<SourceRun, SyncError>>;
}

/** Callbacks to the engine. */
export interface SourceHooks {
  /** The source was read, here or by another replica. */
  readonly onRead?: () => void;
  /** The stored state of the source is missing: the store was emptied. The run waits for the callback. */
  readonly onStoreEmptied?: () => Promise<void>;
}
