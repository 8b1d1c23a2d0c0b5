import type { FaultKind } from '@loft/sync-core/testing';

/** One simulation, as it is handed to a thread. */
export interface EpisodeTask {
  readonly seed: number;
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  /** Numbers of the acts that are left out. */
  readonly skip: readonly number[];
  readonly trace: boolean;
}
