import type { Instant } from '../domain/instant.js';

/** What the id of an insert says. */
export interface Insert {
  readonly start: Instant;
  readonly end: Instant;
  /** When the task that inserted the event was first stored, which names it among the tasks of its appointment. */
  readonly task: Instant;
}

/**
 * `loftSyncWrite` of an insert: the time that was inserted and the task that did it, since no map holds an intent for it
 * yet (docs/decision-table.md#crash-safe-writes). `i` start `-` end `-` task, in base 36.
 */
export function insertWriteId({ start, end, task }: Insert): string {
  return `i${start.toString(36)}-${end.toString(36)}-${task.toString(36)}`;
}

/**
 * What this very task has inserted in an earlier attempt, whose map was not stored. It proves that the event was as it
 * was inserted, and that whatever differs from it was done later.
 *
 * @returns null if the id is not that of an insert by this task
 */
export function insertOf(write: string | null, task: Instant | undefined): Insert | null {
  const match = /^i([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)$/.exec(write ?? '');
  if (!match) return null;
  const [start = NaN, end = NaN, by = NaN] = match.slice(1).map((part) => parseInt(part, 36));
  return by === task ? { start, end, task: by } : null;
}

/** `loftSyncWrite` of any other write: fresh for each, by the version of the map that announces it and by chance. */
export function freshWriteId(version: number, random: () => number): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(36)
      .padStart(7, '0');
  return `w${version.toString(36)}-${part()}${part()}`;
}
