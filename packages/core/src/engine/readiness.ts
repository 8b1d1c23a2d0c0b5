import type { EventCopy } from './copies.js';
import type { HeldEdit } from './held-edits.js';
import type { SyncError } from '../domain/sync-error.js';
import type { ChannelStatus, FeedStatus, OpenCircuit, Readiness } from './sync-engine.js';

export interface ReadinessInput {
  /** Why the store cannot be reached, or why no task can be claimed; null: the store works. */
  readonly storeError: SyncError | null;
  /** Edits that the guard holds. */
  readonly heldEdits: readonly HeldEdit[];
  readonly copies: readonly EventCopy[];
  /** Warnings about single appointments, with their ids. */
  readonly appointments: readonly (readonly [appointmentId: string, warning: string])[];
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
  for (const [bay, count] of countByBay(input.heldEdits)) {
    reasons.push(`bay ${bay}: ${count} edits of events are held by the guard until a person releases or reverts them`);
  }
  for (const problem of input.feedProblems) if (problem) reasons.push(problem);
  for (const feed of input.feeds) for (const warning of feed.warnings) reasons.push(`feed ${feed.feed}: ${warning}`);
  const channels = input.channels.flatMap(({ bay, lastError }) =>
    lastError ? [`no watch channel on the calendar of bay ${bay}, the sweep alone reads it: ${lastError.message}`] : [],
  );
  const notes = input.feeds.flatMap(({ feed, notes }) => notes.map((note) => `feed ${feed}: ${note}`));
  return {
    ready: reasons.length === 0,
    reasons: [...new Set(reasons)],
    warnings: [...channels, ...notes, ...copiesWarning(input.copies), ...appointmentWarnings(input.appointments)],
  };
}

function countByBay(edits: readonly HeldEdit[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { bay } of edits) counts.set(bay, (counts.get(bay) ?? 0) + 1);
  return counts;
}

function copiesWarning(copies: readonly EventCopy[]): readonly string[] {
  if (copies.length === 0) return [];
  const ids = [...new Set(copies.map(({ appointmentId }) => appointmentId))].slice(0, COPIES_NAMED).join(', ');
  return [`${copies.length} events are copies of mirrors (appointments ${ids}): list them with "loft-sync copies"`];
}

/** Maximum appointments named in the warning about copies. */
const COPIES_NAMED = 10;

/** Maximum appointments that are warned of one by one. */
const WARNINGS_NAMED = 10;

function appointmentWarnings(warnings: ReadinessInput['appointments']): readonly string[] {
  const named = warnings.slice(0, WARNINGS_NAMED).map(([id, warning]) => `appointment ${id}: ${warning}`);
  const more = warnings.length - named.length;
  return more > 0 ? [...named, `${more} more appointments need a look: see /admin/activity`] : named;
}
