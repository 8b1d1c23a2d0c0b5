import { SECOND, type Bay } from '@loft/sync-core';

/** Which side a person changes; the service then writes to the other. */
export type ChangedSide = 'USchedule' | 'Google Calendar';

/** The other side has to follow within this time (a promise of the sandbox alone). */
export const FOLLOW_WITHIN_MS: number = 5 * SECOND;

/** How many writes a change leads to: on the other side, and back on the side that was changed. */
export interface Writes {
  readonly there: number;
  readonly back: number;
}

/** What one change leads to, unless a check says otherwise. */
export const ONE_WRITE: Writes = { there: 1, back: 0 };

/** One line of the validation checklist (docs/operating-contract.md#commands), for one bay. */
export interface Check {
  readonly bay: Bay;
  /** What a person does, and what is to follow. */
  readonly words: string;
  readonly changedSide: ChangedSide;
  /** Default: `ONE_WRITE`. */
  readonly writes?: Writes;
  /** The other side has to follow within this time. Default: `FOLLOW_WITHIN_MS`. */
  readonly withinMs?: number;
  act(): void;
  /** The other side has followed, and nothing is where it should not be. */
  followed(): boolean;
}
