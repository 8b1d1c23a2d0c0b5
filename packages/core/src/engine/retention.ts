import { DAY, type Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import { editsOf, copiesOf, type EventRecord } from '../domain/event-record.js';
import { Ok, type Result } from '../result.js';
import { isForgettableEdit, isOldCopy } from '../rules/retention.js';
import type { EngineParts } from './engine-parts.js';

/** The record of the store with the time of the last run. It has the form of a feed's state, but belongs to no feed. */
const RECORD = 'retention';
/** Maximum time between two runs. After a longer interval nothing is removed until the next day. */
const BELIEVED_MS: number = 7 * DAY;

type Parts = Pick<EngineParts, 'store' | 'rules' | 'windowAt'>;

/** Removes records that have no effect any more, once for each local day (docs/decision-table.md#retention). */
export class Retention {
  readonly #parts: Parts;
  /** Start of the poll's window when records were last removed. */
  #doneFor: Instant | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Runs after a poll. After a failure the next poll tries again. */
  async run(now: Instant): Promise<Result<void, SyncError>> {
    const { store, windowAt } = this.#parts;
    const day = windowAt(now).from;
    if (day === this.#doneFor) return Ok.EMPTY;
    const last = await store.getFeedState(RECORD);
    if (last.err) return last;
    if (last.val === null || this.#isBelieved(last.val.savedAt, now)) {
      const removed = await this.#remove(now);
      if (removed.err) return removed;
    }
    const record = { feed: RECORD, syncToken: null, tokenParameters: null, stopped: null, resumed: false };
    const noted = await store.putFeedState({ ...record, savedAt: now });
    if (noted.err) return noted;
    this.#doneFor = day;
    return Ok.EMPTY;
  }

  /**
   * To a clock that is far ahead every record seems old. So records are removed only if the last run of any process was on
   * another day, within `BELIEVED_MS`. A run on the same day has removed them, or was not believed.
   */
  #isBelieved(last: Instant, now: Instant): boolean {
    const { windowAt } = this.#parts;
    return windowAt(last).from < windowAt(now).from && now - last <= BELIEVED_MS;
  }

  async #remove(now: Instant): Promise<Result<void, SyncError>> {
    const { rules, store } = this.#parts;
    const maps = await store.forgetMaps(now - rules.keepMapsMs);
    if (maps.err) return maps;
    const edits = await this.#forgetEdits(now);
    return edits.err ? edits : this.#forgetCopies(now);
  }

  async #forgetEdits(now: Instant): Promise<Result<void, SyncError>> {
    const edits = await this.#parts.store.listEventRecords({ kind: 'edit' });
    if (edits.err) return edits;
    return this.#delete(editsOf(edits.val).filter((edit) => isForgettableEdit(edit, now)));
  }

  async #forgetCopies(now: Instant): Promise<Result<void, SyncError>> {
    const { rules, store } = this.#parts;
    const copies = await store.listEventRecords({ kind: 'copy' });
    if (copies.err) return copies;
    const forgotten: EventRecord[] = [];
    for (const copy of copiesOf(copies.val).filter((record) => isOldCopy(record, now, rules))) {
      const map = await store.getMap(copy.appointmentId);
      if (map.err) return map;
      if (map.val === null) forgotten.push(copy);
    }
    return this.#delete(forgotten);
  }

  async #delete(records: readonly EventRecord[]): Promise<Result<void, SyncError>> {
    return records.length === 0 ? Ok.EMPTY : this.#parts.store.deleteEventRecords(records);
  }
}
