import type { FaultKind } from '@loft/sync-core/testing';

/** The message to a thread: one simulation. */
export interface EpisodeTask {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  /** Numbers of the omitted actions. */
  readonly skip: readonly number[];
  readonly trace: boolean;
}
