import type { Instant } from './instant.js';

/** Place of an appointment: time and bay, without name and note. Events and the journal contain no more of the content. */
export interface Slot {
  readonly start: Instant;
  readonly end: Instant;
  /** The short name of the bay. Null if the place is in no bay. */
  readonly bay: string | null;
}
