import type { SyncError, SyncErrorKind } from '@loft/sync-core';

/** What an error may carry besides its kind and sentence. */
export type FailureDetails = Pick<SyncError, 'status' | 'reason' | 'payload' | 'retryAfterMs'>;

/** A `SyncError` of this adapter. Texts of the other side must have been redacted by the caller. */
export function failure(kind: SyncErrorKind, method: string, message: string, details: FailureDetails = {}): SyncError {
  return { kind, system: 'uschedule', method, message: `${method}: ${message}`, ...details };
}
