import type { Instant } from '../../domain/instant.js';

/** The kind of a write to an event. */
export type WriteMethod = 'insert' | 'patch' | 'delete' | 'move';

/** A write to an event that took effect. */
export interface MemoryWrite {
  readonly by: 'service' | 'person';
  readonly method: WriteMethod;
  readonly calendarId: string;
  readonly eventId: string;
  readonly at: Instant;
}
