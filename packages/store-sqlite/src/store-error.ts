import type { SyncError, SyncErrorKind } from '@loft/sync-core';

/** A text that SQLite would not return unchanged. */
export class UnstorableText extends Error {
  override readonly name = 'UnstorableText';

  constructor(field: string) {
    super(`${field} contains a NUL character or half of a surrogate pair, which cannot be stored`);
  }
}

/** A stored row that this version cannot have written. */
export class UnreadableRow extends Error {
  override readonly name = 'UnreadableRow';
}

/** Stored data could not be flushed to the disk: it is unknown whether they survive a power cut. */
export class UnflushedJournal extends Error {
  override readonly name = 'UnflushedJournal';
}

/**
 * SQLite's primary result codes of temporary failures: another process has the file, the disk is full or reports
 * errors.
 */
const PASSING: ReadonlySet<string> = new Set([
  'BUSY',
  'LOCKED',
  'FULL',
  'READONLY',
  'IOERR',
  'NOMEM',
  'CANTOPEN',
  'PROTOCOL',
  'INTERRUPT',
]);

export function storeError(method: string, kind: SyncErrorKind, message: string, reason?: string): SyncError {
  return { kind, system: 'store', method, message, ...(reason !== undefined && { reason }) };
}

/** Converts an error of the database to a value. @returns null for an error that it never throws, which is a bug */
export function asStoreError(method: string, thrown: unknown): SyncError | null {
  if (thrown instanceof UnstorableText || thrown instanceof UnreadableRow) {
    return storeError(method, 'invalid', thrown.message);
  }
  if (thrown instanceof UnflushedJournal) return storeError(method, 'transient', thrown.message);
  const code = sqliteCode(thrown);
  if (code === null || !(thrown instanceof Error)) return null;
  const kind = PASSING.has(primaryCode(code)) ? 'transient' : 'invalid';
  return storeError(method, kind, `SQLite: ${thrown.message}`, code);
}

/** `SQLITE_BUSY` of a libsql error; null for any other. */
export function sqliteCode(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' && thrown.code.startsWith('SQLITE_') ? thrown.code : null;
}

/** `SQLITE_IOERR_WRITE` is an `IOERR`. */
function primaryCode(code: string): string {
  return code.split('_')[1] ?? '';
}
