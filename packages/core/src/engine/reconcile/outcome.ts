import type { BookingEventMap } from '../../domain/booking-event-map.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Result } from '../../result.js';
import type { Executed } from '../act/executor.js';
import type { Action, Reason } from '../../rules/decision.js';
import type { EventReading, Situation } from '../../rules/situation.js';

/** A decision, and what it was made of. */
export interface Decided {
  readonly action: Action;
  readonly reason: Reason;
  readonly situation: Situation;
}

/** Carries a decision out. */
export type Execute = (decided: Decided, task: ClaimedTask) => Promise<Result<Executed, SyncError>>;

/** A write that was tried. */
export interface Attempt extends Decided {
  /** The map as it was stored after the write; null when it failed, or when there is none. */
  readonly stored: BookingEventMap | null;
  readonly durationMs: number;
}

export type Outcome =
  /** Nothing is left to do. `attempt`: the write that was made, `refusal`: the refused edit that led to it. */
  | { readonly kind: 'done'; readonly attempt: Attempt | null; readonly refusal: SyncError | null }
  /** The booking goes by another id now, whose task this is. */
  | { readonly kind: 'superseded'; readonly by: string; readonly events: readonly EventReading[] }
  /** Too early to say. */
  | { readonly kind: 'wait'; readonly dueAt: Instant }
  /** Somebody else works on it. */
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'failed';
      readonly error: SyncError;
      readonly attempt: Attempt | null;
      readonly map: BookingEventMap | null;
      readonly fingerprint: string | null;
    };
