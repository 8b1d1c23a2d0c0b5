import type { CopyRecord, EditRecord } from '../domain/event-record.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import { DAY, type Instant } from '../domain/instant.js';
import type { Rules } from './rules.js';
import type { BookingSettings } from './settings.js';

/** Records of ended edits are kept for this period after their last change. Their longest effect lasts minutes. */
const KEEP_EDITS_MS: number = 30 * DAY;
/** Maps are kept for this number of days beyond the length of the poll's window. */
const KEEP_MAPS_DAYS = 180;

/** The states of an edit that ended, or that is recorded anew if its event still shows it. */
const FORGETTABLE: ReadonlySet<EditRecord['state']> = new Set(['seen', 'one-way', 'carried', 'put-back']);

/**
 * Returns the period for which a map is kept after its visit and its last write (docs/decision-table.md#retention). It is
 * longer than the poll's window, so the booking is history by then, wherever in the window the last write left it.
 */
export function keepMapsMs({ pastDays, futureDays }: Pick<BookingSettings, 'pastDays' | 'futureDays'>): number {
  return (pastDays + futureDays + KEEP_MAPS_DAYS) * DAY;
}

/** Has the edit ended, and changed long ago? An edit that is still to be delivered or decided is never forgotten. */
export function isForgettableEdit({ at, putBackAt, state }: EditRecord, now: Instant): boolean {
  return FORGETTABLE.has(state) && Math.max(at, putBackAt ?? 0) < now - KEEP_EDITS_MS;
}

/** Is the copy as old as a forgotten map? It is forgotten if the map of its appointment is. */
export function isOldCopy({ at, start, end }: CopyRecord, now: Instant, { keepMapsMs: keepMs }: Rules): boolean {
  return Math.max(at, start ?? 0, end ?? 0) < now - keepMs;
}

/**
 * May the map of the event be forgotten (docs/decision-table.md#row-5b)? A map is written last after its event was made, so
 * the map of a younger event is kept.
 */
export function mayBeForgotten(
  { createdAt }: Pick<CalendarEvent, 'createdAt'>,
  now: Instant,
  { keepMapsMs: keepMs }: Rules,
): boolean {
  return createdAt !== null && createdAt < now - keepMs;
}
