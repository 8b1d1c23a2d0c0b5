import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { CopyRecord, EditRecord, EventRecord } from '../domain/event-record.js';
import { Ok, type Result } from '../result.js';
import { isForgettableEdit, isOldCopy } from '../rules/retention.js';
import type { EngineParts } from './engine-parts.js';

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
    const { rules, store, windowAt } = this.#parts;
    const day = windowAt(now).from;
    if (day === this.#doneFor) return Ok.EMPTY;
    const maps = await store.forgetMaps(now - rules.keepMapsMs);
    if (maps.err) return maps;
    const edits = await this.#forgetEdits(now);
    if (edits.err) return edits;
    const copies = await this.#forgetCopies(now);
    if (copies.err) return copies;
    this.#doneFor = day;
    return Ok.EMPTY;
  }

  async #forgetEdits(now: Instant): Promise<Result<void, SyncError>> {
    const edits = await this.#parts.store.listEventRecords({ kind: 'edit' });
    if (edits.err) return edits;
    return this.#delete(edits.val.filter(isEdit).filter((edit) => isForgettableEdit(edit, now)));
  }

  async #forgetCopies(now: Instant): Promise<Result<void, SyncError>> {
    const { rules, store } = this.#parts;
    const copies = await store.listEventRecords({ kind: 'copy' });
    if (copies.err) return copies;
    const forgotten: EventRecord[] = [];
    for (const copy of copies.val.filter(isCopy).filter((record) => isOldCopy(record, now, rules))) {
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

function isEdit(record: EventRecord): record is EditRecord {
  return record.kind === 'edit';
}

function isCopy(record: EventRecord): record is CopyRecord {
  return record.kind === 'copy';
}
