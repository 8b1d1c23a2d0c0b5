import { editsOf, type EditRecord, type EventRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { StoreResult } from '../ports/sync-store.js';
import { Ok } from '../result.js';
import { describeWar, pauseEndsAt } from '../rules/carry-edit.js';
import { EDITS_COUNT_MS } from '../rules/edit-record.js';
import type { Rules } from '../rules/rules.js';
import { listCopies, type EventCopy } from './copies.js';
import type { EngineParts } from './engine-parts.js';
import { heldEditsOf, type HeldEdit } from './held-edits.js';
import type { QuotaShare } from './replicas/quota-share.js';
import type { ChannelStatus, FeedStatus, Readiness, EngineStatus } from './sync-engine.js';

/** Completes the status of an engine with the counts of the store and the circuits. */
export async function engineStatus(
  { store, clock, circuits }: Pick<EngineParts, 'store' | 'clock' | 'circuits'>,
  parts: Pick<EngineStatus, 'running' | 'feeds' | 'channels'>,
): StoreResult<EngineStatus> {
  const tasks = await store.countTasks(clock.now());
  if (tasks.err) return tasks;
  const letters = await store.listDeadLetters({});
  if (letters.err) return letters;
  return Ok({ ...parts, circuits: circuits.list(), tasks: tasks.val, deadLetters: letters.val.length });
}

/** The state of the worker, the feeds and the channels. */
export interface ReadinessInput {
  /** Why no task can be claimed. Null if tasks can be claimed. */
  readonly claimError: SyncError | null;
  readonly feedProblems: readonly (string | null)[];
  readonly feeds: readonly FeedStatus[];
  readonly channels: readonly ChannelStatus[];
}

/** Returns whether the service is ready, and all reasons if it is not. Warnings do not affect readiness. */
export async function readinessOf(
  parts: EngineParts & { readonly quotaShare: QuotaShare | null },
  input: ReadinessInput,
): Promise<Readiness> {
  const { store, circuits, clock, rules } = parts;
  const stored = await store.ping();
  const edits = await store.listEventRecords({ kind: 'edit' });
  const records = edits.ok ? edits.val : [];
  const copies = await listCopies(parts);
  const reasons: string[] = [];
  const storeError = stored.err ? stored.val : input.claimError;
  if (storeError) {
    const what = storeError.method === 'claimTasks' ? 'tasks cannot be claimed' : 'the store cannot be reached';
    reasons.push(`${what}: ${storeError.message}`);
  }
  const systems = new Set<string>(Object.values(parts.systems));
  for (const { key, error } of circuits.list()) {
    const bay = rules.routing.ofCalendar(key)?.bay;
    // A calendar that belongs to no bay of the settings.
    if (!bay && !systems.has(key)) continue;
    reasons.push(bay ? `calendar ${key} of bay ${bay}: ${error.message}` : `${key}: ${error.message}`);
  }
  for (const [bay, count] of countByBay(heldEditsOf(records))) {
    reasons.push(`bay ${bay}: ${count} edits of events are held by the guard until a person releases or reverts them`);
  }
  for (const problem of input.feedProblems) if (problem) reasons.push(problem);
  for (const feed of input.feeds) for (const warning of feed.warnings) reasons.push(`feed ${feed.feed}: ${warning}`);
  const channels = input.channels.flatMap(({ bay, lastError }) =>
    lastError ? [`no watch channel on the calendar of bay ${bay}, the sweep alone reads it: ${lastError.message}`] : [],
  );
  const notes = input.feeds.flatMap(({ feed, notes }) => notes.map((note) => `feed ${feed}: ${note}`));
  const settings = parts.quotaShare?.warning ?? null;
  const appointments = [...editWars(records, clock.now(), rules), ...parts.warnings];
  return {
    ready: reasons.length === 0,
    reasons: [...new Set(reasons)],
    warnings: [
      ...(settings === null ? [] : [settings]),
      ...channels,
      ...notes,
      ...copiesWarning(copies.ok ? copies.val : []),
      ...appointmentWarnings(appointments),
    ],
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

/** Maximum number of appointments in the warning about copies. */
const COPIES_NAMED = 10;

/** Maximum number of appointments with a warning of their own. */
const WARNINGS_NAMED = 10;

function appointmentWarnings(
  warnings: readonly (readonly [appointmentId: string, warning: string])[],
): readonly string[] {
  const named = warnings.slice(0, WARNINGS_NAMED).map(([id, warning]) => `appointment ${id}: ${warning}`);
  const more = warnings.length - named.length;
  return more > 0 ? [...named, `${more} more appointments need attention: see /admin/activity`] : named;
}

/** States of an edit that was reverted, or was repeated and waits for the next revert. */
const AT_WAR: ReadonlySet<EditRecord['state']> = new Set(['put-back', 'seen']);

/**
 * Returns the warnings of `/ready` about edit wars (docs/decision-table.md#row-21b). They come from the stored records, so
 * every replica returns the same. A war is reported for ten minutes after its last revert, or for twice the pause if that is
 * longer.
 */
function editWars(
  records: readonly EventRecord[],
  now: Instant,
  rules: Rules,
): readonly (readonly [appointmentId: string, warning: string])[] {
  return editsOf(records).flatMap((record) => {
    if (!AT_WAR.has(record.state) || record.putBackAt === null) return [];
    const pausedUntil = pauseEndsAt(record, now, rules);
    if (pausedUntil === null) return [];
    const countsMs = Math.max(EDITS_COUNT_MS, 2 * (pausedUntil - record.putBackAt));
    if (now >= record.putBackAt + countsMs) return [];
    return [[record.appointmentId, `edit-war: ${describeWar(record)}`] as const];
  });
}
