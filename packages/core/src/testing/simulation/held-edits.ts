import type { EditRecord } from '../../domain/event-record.js';
import type { MemoryData } from '../../store/memory-data.js';

/** Returns the edits that the edit guard holds (docs/decision-table.md#row-21d). */
export function heldEdits({ eventRecords }: MemoryData): readonly EditRecord[] {
  return [...eventRecords.values()].filter((record) => record.kind === 'edit').filter(({ state }) => state === 'held');
}
