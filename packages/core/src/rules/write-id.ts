import type { Instant } from '../domain/instant.js';

/**
 * `loftSyncWrite` of an insert: the time that was inserted, since no map holds an intent for it yet
 * (docs/decision-table.md#echoes-and-loops). `i` start `-` end, in base 36.
 */
export function insertWriteId(start: Instant, end: Instant): string {
  return `i${start.toString(36)}-${end.toString(36)}`;
}

/** @returns what an insert's id says; null if it is no insert's id */
export function insertedContent(write: string | null): { readonly start: Instant; readonly end: Instant } | null {
  const match = /^i([0-9a-z]+)-([0-9a-z]+)$/.exec(write ?? '');
  return match ? { start: parseInt(match[1] ?? '', 36), end: parseInt(match[2] ?? '', 36) } : null;
}

/** `loftSyncWrite` of any other write: fresh for each, by the version of the map that announces it and by chance. */
export function freshWriteId(version: number, random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return `w${version.toString(36)}-${part()}${part()}`;
}
