import type { Slot } from '@loft/sync-core/store';

/** Where a block stands among those that overlap it: its column, and how many columns there are. */
export interface Column {
  readonly column: number;
  readonly columns: number;
}

/** More columns than these would be too narrow to read: what is left shares the last one. */
const MAXIMUM_COLUMNS = 4;

/** Gives overlapping slots columns of their own. The slots are sorted by their start; the answer has their order. */
export function sideBySide(slots: readonly Pick<Slot, 'start' | 'end'>[]): readonly Column[] {
  const result: Column[] = [];
  let group: number[] = [];
  let ends: number[] = [];
  const close = (): void => {
    const columns = Math.min(MAXIMUM_COLUMNS, ends.length);
    for (const column of group) result.push({ column: Math.min(column, columns - 1), columns });
    group = [];
    ends = [];
  };
  for (const { start, end } of slots) {
    if (ends.every((last) => last <= start)) close();
    const free = ends.findIndex((last) => last <= start);
    const column = free === -1 ? ends.length : free;
    ends[column] = end;
    group.push(column);
  }
  close();
  return result;
}
