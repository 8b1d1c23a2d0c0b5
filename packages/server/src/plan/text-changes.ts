import type { PlanEntry } from '@loft/sync-core/reports';

/** A text of an existing event, before and after. */
export interface TextChange {
  readonly appointmentId: string;
  readonly eventId: string | null;
  readonly field: 'title' | 'description';
  readonly old: string;
  readonly new: string;
}

/** Lists the texts of existing events that a plan would change. */
export function textChanges(entries: readonly PlanEntry[]): readonly TextChange[] {
  return entries.flatMap(({ appointmentId, eventId, writes, before, after }) => {
    if (writes !== 'google' || before === null || after === null) return [];
    return (['title', 'description'] as const).flatMap((field) =>
      before[field] === after[field] ? [] : [{ appointmentId, eventId, field, old: before[field], new: after[field] }],
    );
  });
}
