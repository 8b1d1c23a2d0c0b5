/** The options of `loft-sync simulate`, as they are typed. */
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
