import type { SyncError } from '../domain/sync-error.js';
import type { ChannelStatus, FeedStatus, OpenCircuit, Readiness } from './sync-engine.js';

export interface ReadinessInput {
  /** Why the store cannot be reached, or why no task can be claimed; null: the store works. */
  readonly storeError: SyncError | null;
  readonly feedProblems: readonly (string | null)[];
  readonly feeds: readonly FeedStatus[];
  readonly circuits: readonly OpenCircuit[];
  readonly channels: readonly ChannelStatus[];
  readonly bayOf: (calendarId: string) => string | null;
}

/** Whether the service can do its job, and all that keeps it from it; warnings do not. */
export function readinessOf(input: ReadinessInput): Readiness {
  const reasons: string[] = [];
  if (input.storeError) {
    const { method, message } = input.storeError;
    reasons.push(
      method === 'claimTasks' ? `tasks cannot be claimed: ${message}` : `the store cannot be reached: ${message}`,
    );
  }
  for (const { key, error } of input.circuits) {
    const bay = input.bayOf(key);
    reasons.push(bay ? `calendar ${key} of bay ${bay}: ${error.message}` : `${key}: ${error.message}`);
  }
  for (const problem of input.feedProblems) if (problem) reasons.push(problem);
  for (const feed of input.feeds) for (const warning of feed.warnings) reasons.push(`feed ${feed.feed}: ${warning}`);
  const channels = input.channels.flatMap(({ bay, lastError }) =>
    lastError ? [`no watch channel on the calendar of bay ${bay}, the sweep alone reads it: ${lastError.message}`] : [],
  );
  const notes = input.feeds.flatMap(({ feed, notes }) => notes.map((note) => `feed ${feed}: ${note}`));
  return { ready: reasons.length === 0, reasons: [...new Set(reasons)], warnings: [...channels, ...notes] };
}
