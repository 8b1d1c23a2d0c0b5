import type { SyncError, SyncErrorKind } from '../domain/sync-error.js';
import type { Rules } from './rules.js';

/** Failures that do not concern one calendar: those of the account, or an outdated version. */
const WIDER: ReadonlySet<SyncErrorKind> = new Set(['unauthorized', 'rate-limited', 'conflict']);

/**
 * Does the calendar belong to no bay of the settings? Its bay was removed, or has another calendar now. Such a calendar
 * is not synchronised any more: its answers prove nothing and delay nothing
 * (docs/decision-table.md#replaced-calendars).
 */
export function isClosedCalendar(calendarId: string, { routing }: Pick<Rules, 'routing'>): boolean {
  return routing.ofCalendar(calendarId) === null;
}

/** Is it a failure of a closed calendar itself? Such a failure delays no task. */
export function isOfClosedCalendar({ kind }: SyncError, calendarId: string, rules: Pick<Rules, 'routing'>): boolean {
  return !WIDER.has(kind) && isClosedCalendar(calendarId, rules);
}
