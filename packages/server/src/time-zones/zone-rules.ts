import type { Instant } from '@loft/sync-core';

/** The rules of one zone as a list of changes. Offsets are in milliseconds, positive east of Greenwich. */
export interface ZoneRules {
  /** Offset before the first change. */
  readonly first: number;
  /** Instants of the changes, ascending. */
  readonly changes: readonly Instant[];
  /** Offset after each change. */
  readonly offsets: readonly number[];
  /** Offset at an instant after the last change; null: the offset of the last change applies without end. */
  readonly afterwards: ((instant: Instant) => number) | null;
}

/** @returns the offset at an instant */
export function offsetByRules({ first, changes, offsets, afterwards }: ZoneRules, instant: Instant): number {
  const last = changes.at(-1);
  if (last === undefined || instant >= last) return afterwards?.(instant) ?? offsets.at(-1) ?? first;
  let low = 0;
  let high = changes.length - 1;
  // The first change after the instant.
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] ?? 0) > instant) high = middle;
    else low = middle + 1;
  }
  return offsets[low - 1] ?? first;
}
