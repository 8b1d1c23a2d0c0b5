import { DAY, type Instant } from '../../domain/instant.js';
import type { LivenessRecord } from '../../domain/liveness-record.js';
import type { SyncError } from '../../domain/sync-error.js';
import { isShared } from '../../ports/sync-store.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** The stored records of inferred statuses, with a copy in memory. */
export class LivenessRecords {
  readonly #parts: Pick<EngineParts, 'store' | 'clock'>;
  readonly #records = new Map<string, LivenessRecord>();
  #loadedAt: Instant | null = null;

  constructor(parts: Pick<EngineParts, 'store' | 'clock'>) {
    this.#parts = parts;
  }

  /** Returns the records by their appointment. */
  get all(): ReadonlyMap<string, LivenessRecord> {
    return this.#records;
  }

  of(appointmentId: string): LivenessRecord | null {
    return this.#records.get(appointmentId) ?? null;
  }

  /** Reads the records, unless they were read within `maxAgeMs` or no other process writes them. */
  async load(maxAgeMs: number): Promise<Result<void, SyncError>> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const fresh = this.#loadedAt !== null && (!isShared(store) || now - this.#loadedAt < maxAgeMs);
    if (fresh) return Ok.EMPTY;
    const stored = await store.listLiveness();
    if (stored.err) return stored;
    this.#records.clear();
    this.#keep(stored.val);
    this.#loadedAt = now;
    return Ok.EMPTY;
  }

  async put(records: readonly LivenessRecord[]): Promise<Result<void, SyncError>> {
    if (records.length === 0) return Ok.EMPTY;
    const stored = await this.#parts.store.putLiveness(records);
    if (stored.ok) this.#keep(records);
    return stored;
  }

  /** Records before the window cannot come back, so their state is removed. */
  async forget(endedBefore: Instant): Promise<Result<void, SyncError>> {
    const old = [...this.#records.values()].filter((record) => record.end < endedBefore);
    if (old.length === 0) return Ok.EMPTY;
    const forgotten = await this.#parts.store.forgetLiveness(endedBefore);
    if (forgotten.err) return forgotten;
    for (const record of old) this.#records.delete(record.appointmentId);
    return Ok.EMPTY;
  }

  #keep(records: readonly LivenessRecord[]): void {
    for (const record of records) this.#records.set(record.appointmentId, record);
  }
}

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
