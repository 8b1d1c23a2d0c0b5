import type { Instant } from './instant.js';

/** Where an appointment is: all that events and the journal say of its content. No name and no note. */
export interface Slot {
  readonly start: Instant;
  readonly end: Instant;
  /** The bay's short name; null where it is not known. */
  readonly bay: string | null;
}
