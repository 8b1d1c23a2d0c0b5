import type { Context } from 'koa';
import { Ok, type EditDecision, type HeldEdit, type Result, type SyncError } from '@loft/sync-core';
import { actRecorder } from './acts.js';
import type { AppParts } from './app-parts.js';
import { heldVersion } from './held-version.js';

/** The held edits that a person was shown. */
export interface SeenEdits {
  readonly ids: readonly string[];
  /** `heldVersion` of the list; null: any edit of these appointments. */
  readonly version: string | null;
}

/** The journal's text for each edit. */
const ACTS: Readonly<Record<EditDecision, string>> = {
  release: 'released the held edit',
  revert: 'reverted the held edit',
};

/**
 * Executes or reverts held edits of a bay, and records in the journal of each appointment who decided.
 *
 * @param seen the edits that the confirmation showed: only these are decided, and none if one of them has changed;
 *   null: all of the bay
 * @returns the decided edits; `changed`: none was decided
 */
export async function decideHeld(
  ctx: Pick<Context, 'state'>,
  parts: Pick<AppParts, 'clock' | 'engine' | 'journal' | 'log'>,
  decision: EditDecision,
  bay: string,
  seen: SeenEdits | null,
): Promise<Result<readonly HeldEdit[] | 'changed', SyncError>> {
  const { engine } = parts;
  const held = await engine.heldEdits();
  if (held.err) return held;
  const chosen = held.val.filter(
    (edit) => edit.bay === bay && (seen === null || seen.ids.includes(edit.appointmentId)),
  );
  if (seen !== null && seen.version !== null && seen.version !== heldVersion(chosen)) return Ok('changed');
  if (chosen.length === 0) return Ok([]);
  const ids = chosen.map(({ appointmentId }) => appointmentId);
  const decided = await engine.decideHeldEdits(decision, bay, ids);
  if (decided.err) return decided;
  const recordAct = actRecorder(parts);
  for (const id of ids) recordAct(ctx, ACTS[decision], id);
  return Ok(chosen);
}
