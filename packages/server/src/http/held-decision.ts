import type { Context } from 'koa';
import { Ok, type EditDecision, type HeldEdit, type Result, type SyncError } from '@loft/sync-core';
import { actRecorder } from './acts.js';
import type { AppParts } from './app-parts.js';

/** What is written into the journal about each edit. */
const ACTS: Readonly<Record<EditDecision, string>> = {
  release: 'released the held edit',
  revert: 'had the held edit put back',
};

/**
 * Carries out held edits of a bay, or puts them back, and records for each appointment who decided it.
 *
 * @param appointmentIds only these; null: all of the bay
 * @returns the edits that were decided
 */
export async function decideHeld(
  ctx: Pick<Context, 'state'>,
  parts: Pick<AppParts, 'clock' | 'engine' | 'journal' | 'log'>,
  decision: EditDecision,
  bay: string,
  appointmentIds: readonly string[] | null,
): Promise<Result<readonly HeldEdit[], SyncError>> {
  const { engine } = parts;
  const held = await engine.heldEdits();
  if (held.err) return held;
  const chosen = held.val.filter(
    (edit) => edit.bay === bay && (appointmentIds === null || appointmentIds.includes(edit.appointmentId)),
  );
  if (chosen.length === 0) return Ok([]);
  const ids = chosen.map(({ appointmentId }) => appointmentId);
  const decided = await engine.decideHeldEdits(decision, bay, ids);
  if (decided.err) return decided;
  const recordAct = actRecorder(parts);
  for (const id of ids) recordAct(ctx, ACTS[decision], id);
  return Ok(chosen);
}
