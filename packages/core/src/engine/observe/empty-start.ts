import { DAY, type Instant } from '../../domain/instant.js';
import type { LivenessRecord } from '../../domain/liveness-record.js';

/**
 * The record under which an empty start is stored, so that after a restart, too, no booking is mirrored that was under way
 * then. It is no appointment's id, and is removed like the others, a day later.
 */
const EMPTY_START = '(empty store)';

/** When a first poll found an empty store; null: it did not. */
export class EmptyStart {
  #at: Instant | null | undefined;

  get at(): Instant | null {
    return this.#at ?? null;
  }

  /** @param isEmpty neither a record nor a map is stored */
  note(records: ReadonlyMap<string, LivenessRecord>, isEmpty: boolean, now: Instant): void {
    this.#at = records.get(EMPTY_START)?.updatedAt ?? this.#at;
    if (this.#at === undefined) this.#at = isEmpty ? now : null;
  }

  /** What is to be stored of it; empty: nothing, or it is stored already. */
  toStore(records: ReadonlyMap<string, LivenessRecord>): readonly LivenessRecord[] {
    if (this.at === null || records.has(EMPTY_START)) return [];
    return [{ appointmentId: EMPTY_START, freeReadings: 0, dead: false, end: this.at + DAY, updatedAt: this.at }];
  }
}
