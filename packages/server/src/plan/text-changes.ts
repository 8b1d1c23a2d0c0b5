import type { PlanEntry } from '@loft/sync-core/reports';

/** A text of an event that is there already, and what it would become. */
export interface TextChange {
  readonly appointmentId: string;
  readonly eventId: string | null;
  readonly field: 'title' | 'description';
  readonly old: string;
  readonly new: string;
}

/** Each text that a plan would change in the calendars. An event that is made or removed is none. */
export function textChanges(entries: readonly PlanEntry[]): readonly TextChange[] {
  return entries.flatMap(({ appointmentId, eventId, writes, before, after }) => {
    if (writes !== 'google' || before === null || after === null) return [];
    return (['title', 'description'] as const).flatMap((field) =>
      before[field] === after[field] ? [] : [{ appointmentId, eventId, field, old: before[field], new: after[field] }],
    );
  });
}
