import { stopVersion, type FeedState, type FeedStop } from '../../domain/feed-state.js';
import type { Instant } from '../../domain/instant.js';

/** The result of a resume. `changed`: the list differs from the confirmed one. */
export type ResumeOutcome = 'resumed' | 'changed';

/** Returns the state with which a run passes the guard that stopped the source. */
export function passing(state: FeedState | null): FeedState | null {
  if (!state?.stopped) return state;
  const approved = state.approved ?? state.stopped.items?.map(({ appointmentId }) => appointmentId);
  return { ...state, resumed: true, ...(approved ? { approved } : {}) };
}

/** Returns the state with which the next run passes the guard for the items in the list of the stop. */
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
