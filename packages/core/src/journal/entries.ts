import type { JournalEntry, JournalError } from '../domain/journal-entry.js';
import type { SyncError } from '../domain/sync-error.js';
import type { SyncEvent } from '../domain/sync-event.js';
import type { Reason } from '../rules/decision.js';

/** An entry without its id. */
export type DraftEntry = Omit<JournalEntry, 'id'>;

/** Reasons of decisions that report no change. */
const UNREPORTED: ReadonlySet<Reason> = new Set(['in-sync', 'not-managed']);

const LONGEST_TEXT = 500;

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

function errorOf(error: SyncError | null): JournalError | null {
  if (error === null) return null;
  const { kind, system, message, reason } = error;
  return { kind, system, message: cut(message), reason: reason ?? null };
}

function blank(event: { readonly at: number }, appointmentId: string, kind: JournalEntry['kind']): DraftEntry {
  return {
    at: event.at,
    appointmentId,
    kind,
    trigger: null,
    reason: null,
    action: null,
    direction: null,
    outcome: null,
    attempt: null,
    changedAt: null,
    before: null,
    after: null,
    other: null,
    detail: null,
    error: null,
    dueAt: null,
  };
}

/** Returns the entry of an administrator's manual action. */
export function actEntry(act: Pick<JournalEntry, 'at' | 'appointmentId' | 'detail'>): DraftEntry {
  return { ...blank(act, act.appointmentId, 'act'), detail: act.detail === null ? null : cut(act.detail) };
}

/** Returns the journal entries of an event. Most events have none. */
export function entriesOf(event: SyncEvent): readonly DraftEntry[] {
  switch (event.type) {
    case 'action': {
      const { action, after, appointmentId, attempt, before, changedAt, direction } = event;
      const { outcome, reason, successor, trigger } = event;
      const shared = { trigger, reason, direction, changedAt, after, before };
      const entry = { ...blank(event, appointmentId, 'write'), ...shared, action, outcome, attempt, other: successor };
      const written: DraftEntry = { ...entry, error: errorOf(event.error) };
      if (successor === null) return [written];
      return [written, { ...blank(event, successor, 'renamed'), ...shared, other: appointmentId }];
    }
    case 'decision': {
      const { appointmentId, detail, quiet, reason } = event;
      // A decision with a write is reported by its action.
      if (!quiet || UNREPORTED.has(reason)) return [];
      return [{ ...blank(event, appointmentId, 'seen'), reason, detail: detail === null ? null : cut(detail) }];
    }
    case 'task': {
      const { appointmentId, attempt, dueAt, error, outcome } = event;
      return [{ ...blank(event, appointmentId, 'setback'), attempt, dueAt, outcome, error: errorOf(error) }];
    }
    case 'notice':
      if (event.appointmentId === null) return [];
      return [{ ...blank(event, event.appointmentId, 'notice'), detail: cut(event.message) }];
    case 'call':
    case 'feed':
    case 'channel':
      return [];
  }
}

/** Do two entries report the same? A poll would repeat such an entry every minute. */
export function sameReport(a: DraftEntry, b: DraftEntry): boolean {
  return (
    a.kind === b.kind &&
    a.reason === b.reason &&
    a.outcome === b.outcome &&
    a.detail === b.detail &&
    a.error?.kind === b.error?.kind &&
    a.error?.message === b.error?.message
  );
}
