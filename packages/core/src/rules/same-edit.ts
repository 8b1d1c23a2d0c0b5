import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { EditRecord } from '../domain/event-record.js';
import { isClosedCalendar, type Rules } from './rules.js';

/** Do two records describe the same state of an event? */
export function isSameEdit(a: EditRecord, b: EditRecord, rules: Rules): boolean {
  return a.change === b.change && a.start === b.start && a.end === b.end && isSameBay(a.toBay, b.toBay, rules);
}

/**
 * Is the stored record about the edit that the event shows now? A request to revert concerns any edit until the event was
 * reverted: the event may have been edited again since its edit was listed.
 */
export function isAbout(stored: EditRecord, edit: EditRecord, rules: Rules): boolean {
  return stored.state === 'reverted' || isSameEdit(stored, edit, rules);
}

/** Was the edit made on the same content? */
export function hasSameBase(a: Pick<EditRecord, 'base'>, b: Pick<EditRecord, 'base'>, rules: Rules): boolean {
  return a.base.start === b.base.start && a.base.end === b.base.end && isSameBay(a.base.bay, b.base.bay, rules);
}

/** A record may contain the name that a bay had before it was renamed: a name of no bay differs from none. */
function isSameBay(a: string | null, b: string | null, { routing }: Rules): boolean {
  if (a === b || a === null || b === null) return a === b;
  return routing.ofBay(a) === null || routing.ofBay(b) === null;
}

/**
 * Returns the changed records of edits that are stored, and the other current ones. Another task may have changed the record
 * of its own edit since it was observed. That edit is decided again.
 *
 * @param observed the edits that the change was decided with
 * @param current the edits as they are stored now
 */
export function withoutReplaced(
  changed: readonly EditRecord[],
  observed: readonly EditRecord[],
  current: readonly EditRecord[],
  appointmentId: string,
): { readonly changed: readonly EditRecord[]; readonly others: readonly EditRecord[] } {
  const before = versionsOf(observed);
  const now = versionsOf(current);
  const kept = changed.filter(({ id }) => id === appointmentId || now.get(id) === before.get(id));
  const ids = new Set(kept.map(({ id }) => id));
  return { changed: kept, others: current.filter(({ id }) => !ids.has(id)) };
}

/** By id. Each new observation has a time of its own, and each progress another state. */
function versionsOf(edits: readonly EditRecord[]): ReadonlyMap<string, string> {
  return new Map(edits.map(({ id, state, at }) => [id, `${state} ${at}`]));
}

/**
 * docs/decision-table.md#row-21d: a held edit ends if its booking was cancelled or moved since. The event shows the booking
 * again, and nothing is left to be decided. The same if its bay has another calendar now, in which the event is made anew.
 */
export function hasHoldEnded(record: EditRecord, map: BookingEventMap, rules: Rules): boolean {
  if (record.state !== 'held') return false;
  const isReplaced = rules.routing.ofBay(record.bay) !== null && isClosedCalendar(map.googleCalendarId, rules);
  return map.status !== 'ACTIVE' || isReplaced || !hasSameBase(record, map, rules);
}

/**
 * The bay of an edit was renamed in the settings: returns its record with the present name, by the calendar of the
 * mirror. Null if nothing is to be changed.
 */
export function withPresentBay(record: EditRecord, map: BookingEventMap, { routing }: Rules): EditRecord | null {
  const bay = routing.ofCalendar(map.googleCalendarId)?.bay;
  if (bay === undefined || routing.ofBay(record.bay) !== null) return null;
  const present = <T extends string | null>(name: T): T | string => (name === record.bay ? bay : name);
  return {
    ...record,
    bay,
    toBay: present(record.toBay),
    base: { ...record.base, bay: present(record.base.bay) },
  };
}
