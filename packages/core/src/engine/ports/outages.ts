import type { SyncError } from '../../domain/sync-error.js';

/**
 * Does the answer end the outage that opened a circuit? "Not found" is no proof of access, but it is an answer, and a deleted
 * calendar gives no other one.
 */
export function endsOutage(answer: SyncError, outage: SyncError | undefined): boolean {
  return answer.kind === 'not-found' && (outage?.kind === 'transient' || outage?.kind === 'rate-limited');
}
