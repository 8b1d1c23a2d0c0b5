import type { Slot } from '@loft/sync-core/store';

/** The column of a block among those that overlap it, and the number of columns. */
export interface Column {
  readonly column: number;
  readonly columns: number;
}

/** Maximum columns that are wide enough to read. Further blocks share the last one. */
const MAXIMUM_COLUMNS = 4;

/** Assigns columns to overlapping slots. The slots are sorted by their start; the result has the same order. */
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
