import { stopVersion, type FeedState, type FeedStop } from '../../domain/feed-state.js';
import type { Instant } from '../../domain/instant.js';

/** What became of a resume. `changed`: the list is another one than the person saw. */
export type ResumeOutcome = 'resumed' | 'changed';

/** The state with which a run passes the guard that stopped the source. */
export function passing(state: FeedState | null): FeedState | null {
  if (!state?.stopped) return state;
  const approved = state.approved ?? state.stopped.items?.map(({ appointmentId }) => appointmentId);
  return { ...state, resumed: true, ...(approved ? { approved } : {}) };
}

/** The state with which the next run passes the guard with what the list of the stop names. */
export function resumedState(
  state: FeedState,
  stopped: FeedStop,
  version: string | undefined,
  now: Instant,
): FeedState | 'changed' {
  if (version !== undefined && stopVersion(stopped) !== version) return 'changed';
  const approved = stopped.items?.map(({ appointmentId }) => appointmentId);
  return { ...state, resumed: true, savedAt: now, ...(approved ? { approved } : {}) };
}
