import type { SyncAction } from '@loft/sync-core/reports';
import type { JournalEntry } from '@loft/sync-core/store';

/**
 * The kind of an entry for a person: `booked`, `changed` or `cancelled` on both sides; `reverted`: an edit was
 * reverted; `failed`: a sync failed, with or without a retry; `noted`: recorded without a change; `manual`: an action
 * of a person.
 */
export const ACTIVITY_KINDS = ['booked', 'changed', 'cancelled', 'reverted', 'failed', 'noted', 'manual'] as const;

/** One of the kinds. */
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** Rows that restore a booking's state over an edit. */
const REVERTING: ReadonlySet<string> = new Set([
  'edit-refused',
  'unsupported-edit',
  'conflict',
  'conflict-restore',
  'dead-stays-dead',
  'one-way',
  'past-edit',
  'edit-undelivered',
  'edit-held',
]);

const OF_ACTIONS: Readonly<Record<SyncAction, ActivityKind>> = {
  create: 'booked',
  adopt: 'booked',
  restore: 'booked',
  update: 'changed',
  move: 'changed',
  cancel: 'cancelled',
};

/** Whether a row restores a booking's state over an edit. */
export function isRevertingRow(reason: string): boolean {
  return REVERTING.has(reason);
}

/** Whether an entry records a reverted edit. */
export function isReverting({ direction, kind, outcome, reason }: JournalEntry): boolean {
  return kind === 'write' && outcome === 'ok' && direction === 'USCHEDULE_TO_GCAL' && REVERTING.has(reason ?? '');
}

/** @returns the kind of a journal entry */
export function kindOf(entry: JournalEntry): ActivityKind {
  switch (entry.kind) {
    case 'act':
      return 'manual';
    case 'seen':
    case 'notice':
      return 'noted';
    case 'setback':
      return 'failed';
    case 'renamed':
      return 'changed';
    case 'write':
      if (entry.outcome !== 'ok') return 'failed';
      if (isReverting(entry)) return 'reverted';
      return entry.action === null ? 'changed' : OF_ACTIONS[entry.action];
  }
}

/** Whether a text is the name of a kind. */
export function isActivityKind(text: string): text is ActivityKind {
  return (ACTIVITY_KINDS as readonly string[]).includes(text);
}
