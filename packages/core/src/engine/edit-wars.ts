import type { EditRecord, EventRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import { EDITS_COUNT_MS } from '../rules/edit-guard.js';
import { pauseEndsAt } from '../rules/edit-record.js';
import type { Rules } from '../rules/rules.js';

/** States of an edit that was reverted, or was repeated and waits for the next revert. */
const AT_WAR: ReadonlySet<EditRecord['state']> = new Set(['put-back', 'seen']);

/**
 * Returns the warnings of `/ready` about edit wars (docs/decision-table.md#row-21b). They come from the stored records, so
 * every replica returns the same. A war is reported for ten minutes after its last revert, or for twice the pause if that is
 * longer.
 */
export function editWars(
  records: readonly EventRecord[],
  now: Instant,
  rules: Rules,
): readonly (readonly [appointmentId: string, warning: string])[] {
  return records.flatMap((record) => {
    if (record.kind !== 'edit' || !AT_WAR.has(record.state) || record.putBackAt === null) return [];
    const pausedUntil = pauseEndsAt(record, now, rules);
    if (pausedUntil === null) return [];
    const countsMs = Math.max(EDITS_COUNT_MS, 2 * (pausedUntil - record.putBackAt));
    if (now >= record.putBackAt + countsMs) return [];
    return [[record.appointmentId, `edit-war: the same edit was reverted ${record.putBacks} times`] as const];
  });
}
