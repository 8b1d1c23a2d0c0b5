import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import { isClosedCalendar, isKnownVersion, isManaged, isMoved, type Rules } from './rules.js';
import type { Situation } from './situation.js';

/** Is a changed event an edit of its mirror: deleted, or moved with our marks? */
export function isEdit(event: CalendarEvent, map: BookingEventMap): boolean {
  if (event.state === 'gone') return event.calendarId === map.googleCalendarId;
  return isManaged(event) && isMoved(event, map);
}

/** Does a changed event have the place of its map, so that an earlier edit of it was undone? */
export function isInPlace(event: CalendarEvent, map: BookingEventMap): boolean {
  return event.state === 'live' && !isKnownVersion(event, map) && !isMoved(event, map);
}

/** Returns the record of a newly observed edit: the event is deleted, or its place differs from the base. */
export function editOf(
  event: CalendarEvent,
  map: BookingEventMap,
  { now, booking }: Pick<Situation, 'now' | 'booking'>,
  rules: Rules,
): EditRecord {
  const { base, uscheduleAppointmentId: appointmentId } = map;
  const isGone = event.state === 'gone';
  return {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: now,
    bay: base.bay ?? '',
    change: isGone ? 'deleted' : 'moved',
    start: (isGone ? null : event.start) ?? base.start,
    end: (isGone ? null : event.end) ?? base.end,
    toBay: (isGone ? null : rules.routing.ofCalendar(event.calendarId)?.bay) ?? base.bay ?? '',
    base: { start: base.start, end: base.end, bay: base.bay },
    customerName: booking?.booking?.customerName ?? base.title,
    state: 'seen',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
  };
}

/** Returns an observed edit with the reverts before it, and its stored record if the edit was observed before. */
export function readEdit(
  event: CalendarEvent,
  map: BookingEventMap,
  edits: readonly EditRecord[],
  situation: Situation,
  rules: Rules,
): { readonly edit: EditRecord; readonly same: EditRecord | null } {
  const edit = editOf(event, map, situation, rules);
  const stored = edits.find(({ appointmentId }) => appointmentId === situation.appointmentId) ?? null;
  const same = stored && isAbout(stored, edit, rules) ? stored : null;
  return { edit: withEarlierReverts(edit, stored, situation.now, rules), same };
}

/**
 * Returns a newly observed edit with the reverts before it: those of the same edit, and those of other edits of the event in
 * quick succession. Another edit of a held event stays held. A carried edit that is made again on the same base was reverted in
 * the booking system: two tools may revert each other's changes.
 */
export function withEarlierReverts(
  edit: EditRecord,
  earlier: EditRecord | null,
  now: Instant,
  rules: Rules,
): EditRecord {
  if (!earlier) return edit;
  const { putBacks, putBackAt, putBacksInARow: inARow = putBacks, state } = earlier;
  const isSame = isSameEdit(earlier, edit, rules);
  if (isSame && state === 'carried' && hasSameBase(earlier, edit, rules))
    return { ...edit, putBacks: putBacks + 1, putBackAt: earlier.at };
  if (isSame) return { ...edit, putBacks, putBackAt, ...(inARow > putBacks ? { putBacksInARow: inARow } : {}) };
  if (state === 'held' && hasSameBase(earlier, edit, rules)) return { ...edit, state };
  const isReverted = state === 'put-back' || state === 'seen';
  const isSoonAfter = putBackAt !== null && now - putBackAt < IN_A_ROW_MS;
  return isReverted && isSoonAfter ? { ...edit, putBackAt, putBacksInARow: inARow } : edit;
}

/** An edit within this time after a revert is in a row with it. */
const IN_A_ROW_MS: number = MINUTE;

/** Edits count for this period after their first observation (docs/decision-table.md#guards, "People's edits"). */
export const EDITS_COUNT_MS: number = 10 * MINUTE;
/** Is the edit not applied yet, without a decision of an administrator? */
export function isOpen({ state }: EditRecord): boolean {
  return state === 'seen' || state === 'held';
}

/**
 * Is it an edit that moved the event to another bay, and is not applied yet? Then a tombstone in its bay proves no deletion:
 * the move has left one.
 */
export function isOpenMoveToBay(edit: EditRecord | undefined): boolean {
  return edit !== undefined && isOpen(edit) && edit.change === 'moved' && edit.toBay !== edit.bay;
}

/** An edit that is observed again after its record has ended gets a new record. */
export function isCurrent({ state, at, waitsFor }: EditRecord, now: Instant): boolean {
  if (state === 'put-back' || state === 'carried') return false;
  // An edit waits for a slot only once: its ten minutes do not start again.
  return state !== 'seen' || waitsFor !== null || now - at < EDITS_COUNT_MS;
}

/**
 * Returns the edits that are new, with the reverts before them: those without a current record of the same edit.
 *
 * @param stored the stored records of all edits
 */
export function newEdits(
  edits: readonly EditRecord[],
  stored: readonly EditRecord[],
  now: Instant,
  rules: Rules,
): readonly EditRecord[] {
  const earlier = new Map(stored.map((record) => [record.id, record]));
  const isNew = (edit: EditRecord): boolean => {
    const previous = earlier.get(edit.id);
    if (edit.change === 'deleted' && isOpenMoveToBay(previous)) return false;
    const isKnown = previous && isAbout(previous, edit, rules) && hasSameBase(previous, edit, rules);
    return !isKnown || !isCurrent(previous, now);
  };
  return edits.filter(isNew).map((edit) => withEarlierReverts(edit, earlier.get(edit.id) ?? null, now, rules));
}

/** Do two records describe the same state of an event? */
export function isSameEdit(a: EditRecord, b: EditRecord, rules: Rules): boolean {
  return a.change === b.change && a.start === b.start && a.end === b.end && isSameBay(a.toBay, b.toBay, rules);
}

/**
 * Is the stored record about the edit that the event shows now? A request to revert concerns any edit until the event was
 * reverted: the event may have been edited again since its edit was listed.
 */
function isAbout(stored: EditRecord, edit: EditRecord, rules: Rules): boolean {
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

/** Does an edit end when its event is back in place? It was not applied, and no person has to decide about it. */
export function mayEndUndone({ state }: EditRecord): boolean {
  return state === 'seen' || state === 'one-way';
}

/**
 * docs/decision-table.md#row-21d: a person has released or reverted a held edit, and the event is back in its place. Nothing is
 * left to be executed, and a later edit of the event is another one.
 *
 * @returns the record that ends the person's decision; null if there is none, or it is still to be executed
 */
export function endedDecision({ decided, event }: Situation, map: BookingEventMap, rules: Rules): EditRecord | null {
  if (!decided || event?.event.state !== 'live' || !hasSameBase(decided, map, rules)) return null;
  const isMirror = event.event.eventId === map.googleEventId && isManaged(event.event);
  return isMirror && !isMoved(event.event, map) ? { ...decided, state: 'put-back' } : null;
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
