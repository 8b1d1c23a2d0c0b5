import { isInVersion, type FeedState } from '../../domain/feed-state.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** The result of a resume. `changed`: the list has grown since it was confirmed. */
export type ResumeOutcome = 'resumed' | 'changed';

/** Returns the state with which a run passes the guard that stopped the source. */
export function passing(state: FeedState | null): FeedState | null {
  if (!state?.stopped) return state;
  const approved = state.approved ?? state.stopped.items?.map(({ appointmentId }) => appointmentId);
  return { ...state, resumed: true, ...(approved ? { approved } : {}) };
}

/**
 * Stores that the next run passes the guard for the items in the list of the stop.
 *
 * @param version version of the confirmed list; absent: the current one
 */
export async function resume(
  feed: string,
  version: string | undefined,
  { store, clock }: Pick<EngineParts, 'store' | 'clock'>,
): Promise<Result<ResumeOutcome | 'not-stopped', SyncError>> {
  const state = await store.getFeedState(feed);
  if (state.err) return state;
  const stopped = state.val?.stopped;
  if (!stopped) return Ok('not-stopped');
  if (version !== undefined && !isInVersion(stopped, version)) return Ok('changed');
  const approved = stopped.items?.map(({ appointmentId }) => appointmentId);
  const resumed = { ...state.val, resumed: true, savedAt: clock.now(), ...(approved ? { approved } : {}) };
  const saved = await store.putFeedState(resumed);
  return saved.err ? saved : Ok('resumed');
}
