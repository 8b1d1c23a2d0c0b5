import { DAY, type Instant } from '../../domain/instant.js';
import type { LivenessRecord } from '../../domain/liveness-record.js';

/**
 * Id of the record of an empty start. With this record no visit that was in progress at that time is mirrored, also
 * after a restart. The id is not an appointment id. The record is removed like the others, a day later.
 */
const EMPTY_START = '(empty store)';

/** Time at which a first poll found an empty store. Null if no poll did. */
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

  /** Returns the records to store. Empty if there is none, or it is stored already. */
  toStore(records: ReadonlyMap<string, LivenessRecord>): readonly LivenessRecord[] {
    if (this.at === null || records.has(EMPTY_START)) return [];
    return [{ appointmentId: EMPTY_START, freeReadings: 0, dead: false, end: this.at + DAY, updatedAt: this.at }];
  }
}
