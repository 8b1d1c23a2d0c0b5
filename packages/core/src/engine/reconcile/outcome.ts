import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Result } from '../../result.js';
import type { Executed } from '../act/executor.js';
import type { Action, Reason } from '../../rules/decision.js';
import type { EventReading, Situation } from '../../rules/situation.js';

/** A decision with its situation. */
export interface Decided {
  readonly action: Action;
  readonly reason: Reason;
  readonly situation: Situation;
}

/** Executes a decision. */
export type Execute = (decided: Decided, task: ClaimedTask) => Promise<Result<Executed, SyncError>>;

/** An attempted write. */
export interface Attempt extends Decided {
  /** The map as the write stored it, or as it was before a write that failed. Null if there is none. */
  readonly map: BookingEventMap | null;
  readonly durationMs: number;
}

export type Outcome =
  /** The task is complete. `attempt`: the write that was made. `refusal`: the refused edit that led to it. */
  | { readonly kind: 'done'; readonly attempt: Attempt | null; readonly refusal: SyncError | null }
  /** The booking has another id now. The task continues with that id. */
  | { readonly kind: 'superseded'; readonly by: string; readonly events: readonly EventReading[] }
  /** It is too early. `keeps`: the readings that the next run needs. */
  | { readonly kind: 'wait'; readonly dueAt: Instant; readonly keeps?: readonly EventReading[] }
  /** Another replica processes the appointment. */
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'failed';
      readonly error: SyncError;
      readonly attempt: Attempt | null;
      /** Null if none is known. */
      readonly map: BookingEventMap | null;
      /** Null if the booking was not read. */
      readonly fingerprint: string | null;
    };
