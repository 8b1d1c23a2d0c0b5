import { SECOND, type Bay } from '@loft/sync-core';

/** The side that a person changes; the service then writes to the other side. */
export type ChangedSide = 'USchedule' | 'Google Calendar';

/** Time limit for the other side, which usually takes less than a second: also a busy machine has to meet it. */
export const FOLLOW_WITHIN_MS: number = 20 * SECOND;

/** Number of writes after a change: to the other side, and back to the changed side. */
export interface Writes {
  readonly there: number;
  readonly back: number;
}

/** Default effect of one change. */
export const ONE_WRITE: Writes = { there: 1, back: 0 };

/** One line of the validation checklist (docs/operating-contract.md#commands) for one bay. */
export interface Check {
  readonly bay: Bay;
  /** The person's action and the expected effect. */
  readonly words: string;
  readonly changedSide: ChangedSide;
  /** Default: `ONE_WRITE`. */
  readonly writes?: Writes;
  /** Time limit for the other side. Default: `FOLLOW_WITHIN_MS`. */
  readonly withinMs?: number;
  act(): void;
  /** Whether the other side has the expected state, and no event is in a wrong place. */
  followed(): boolean;
}
