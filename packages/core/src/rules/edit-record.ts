import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { CalendarEvent } from '../domain/calendar-event.js';
import type { EditRecord } from '../domain/event-record.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import { act, observe, quiet, type Verdict } from './decision.js';
import { isKnownVersion, isManaged, isMoved, type Rules } from './rules.js';
import { hasSameBase, isAbout, isSameEdit } from './same-edit.js';
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
/** Edits above this multiple of `massChangeMinimum` trip the guard for any number of mirrors. */
const ALWAYS_TOO_MANY = 3;
/** Minimum number of mirrors of a bay above which deleting all of them trips the guard. */
const ALL_DELETED_MINIMUM = 3;

/** The states of an edit that waits for a decision, or was applied recently. */
function counts({ state, at }: EditRecord, now: Instant): boolean {
  if (state === 'held') return true;
  return (state === 'seen' || state === 'carried') && now - at < EDITS_COUNT_MS;
}

/**
 * Returns the edits that count, one for each visit. A reschedule may give the booking another appointment id: then the next
 * edit starts in the slot to which the applied one moved the same customer.
 */
function countedEdits(edits: readonly EditRecord[], now: Instant): readonly EditRecord[] {
  const counted = edits.filter((edit) => counts(edit, now));
  const startingAt = new Map<Instant, EditRecord[]>();
  for (const edit of counted) {
    const others = startingAt.get(edit.base.start);
    if (others) others.push(edit);
    else startingAt.set(edit.base.start, [edit]);
  }
  const isContinuedBy = (edit: EditRecord, next: EditRecord): boolean =>
    next.appointmentId !== edit.appointmentId &&
    next.customerName === edit.customerName &&
    next.base.end === edit.end &&
    next.base.bay === edit.toBay;
  const isContinued = (edit: EditRecord): boolean =>
    (startingAt.get(edit.start) ?? []).some((next) => isContinuedBy(edit, next));
  return counted.filter((edit) => edit.state !== 'carried' || edit.change !== 'moved' || !isContinued(edit));
}

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

/** Is the number of edits inconclusive, so that the mirrors have to be counted? */
export function mayTrip(edits: readonly EditRecord[], now: Instant, rules: Rules): boolean {
  if (edits.length < ALL_DELETED_MINIMUM && edits.length <= rules.guards.massChangeMinimum) return false;
  const counted = countedEdits(edits, now);
  // The fewer mirrors there are, the fewer edits trip the guard.
  const tripsWithout = counted.length > rules.guards.massChangeMinimum && tripped(counted, new Map(), rules).size > 0;
  const deleted = counted.filter(({ change }) => change === 'deleted');
  return tripsWithout || [...byBay(deleted, rules).values()].some(({ length }) => length >= ALL_DELETED_MINIMUM);
}

/**
 * Returns the bays whose edits are held. Counts appointments per bay and for the studio.
 *
 * @param mirrors future mirrors, by bay
 */
export function trippedBays(
  edits: readonly EditRecord[],
  mirrors: ReadonlyMap<string, number>,
  now: Instant,
  rules: Rules,
): ReadonlySet<string> {
  return tripped(countedEdits(edits, now), mirrors, rules);
}

function tripped(
  counted: readonly EditRecord[],
  mirrors: ReadonlyMap<string, number>,
  rules: Rules,
): ReadonlySet<string> {
  const bays = new Set<string>();
  const elsewhere: EditRecord[] = [];
  const ofBay = byBay(counted, rules);
  let all = 0;
  for (const { bay } of rules.routing.bays) {
    const edits = ofBay.get(bay) ?? [];
    // A mirror whose booking was cancelled for its edit counts too: the guard compares with the earlier number.
    const canceled = edits.filter(({ state, change }) => state === 'carried' && change === 'deleted').length;
    const count = (mirrors.get(bay) ?? 0) + canceled;
    all += count;
    const isAfternoon = isShiftedAfternoon(edits, rules);
    if (!isAfternoon) elsewhere.push(...edits);
    const isHeld = edits.some(({ state }) => state === 'held');
    if (isHeld || (!isAfternoon && isTooMany(edits, count, rules))) bays.add(bay);
  }
  if (isAboveLimit(elsewhere.length, all, rules)) for (const { bay } of elsewhere) bays.add(bay);
  return bays;
}

/** Edits by bay, without those of bays that are not in the settings. */
function byBay(edits: readonly EditRecord[], { routing }: Rules): ReadonlyMap<string, readonly EditRecord[]> {
  const ofBay = new Map<string, EditRecord[]>(routing.bays.map(({ bay }) => [bay, []]));
  for (const edit of edits) ofBay.get(edit.bay)?.push(edit);
  return ofBay;
}

function isTooMany(edits: readonly EditRecord[], mirrors: number, rules: Rules): boolean {
  return isAboveLimit(edits.length, mirrors, rules) || isWholeBayDeleted(edits, mirrors, rules);
}

function isAboveLimit(count: number, mirrors: number, { guards }: Rules): boolean {
  const { massChangeMinimum, massChangeLimit } = guards;
  if (count <= massChangeMinimum) return false;
  return count > massChangeLimit * mirrors || count > ALWAYS_TOO_MANY * massChangeMinimum;
}

function isWholeBayDeleted(edits: readonly EditRecord[], mirrors: number, { guards }: Rules): boolean {
  const isSwitchedOff = guards.massChangeLimit >= 1 && guards.massChangeMinimum >= mirrors;
  const deleted = edits.filter(({ change }) => change === 'deleted').length;
  return !isSwitchedOff && deleted >= ALL_DELETED_MINIMUM && deleted >= mirrors;
}

/** A user moved an afternoon: events of one bay and one local day, all by the same length. */
function isShiftedAfternoon(edits: readonly EditRecord[], rules: Rules): boolean {
  const [first] = edits;
  if (!first || edits.length > ALWAYS_TOO_MANY * rules.guards.massChangeMinimum) return false;
  const shift = (edit: EditRecord): number => edit.start - edit.base.start;
  const day = rules.localDayOf(first.base.start);
  return edits.every(
    (edit) =>
      edit.change === 'moved' &&
      edit.toBay === edit.bay &&
      shift(edit) === shift(first) &&
      edit.end - edit.base.end === shift(first) &&
      rules.localDayOf(edit.base.start) === day,
  );
}

/** An edit that is observed again after its record has ended gets a new record. */
export function isCurrent({ state, at, waitsFor }: EditRecord, now: Instant): boolean {
  if (state === 'put-back' || state === 'carried') return false;
  // An edit waits for a slot only once: its ten minutes do not start again.
  return state !== 'seen' || waitsFor !== null || now - at < EDITS_COUNT_MS;
}

/** docs/decision-table.md#row-21d. When the guard trips, every edit of its bays that is not applied yet is held. */
export function decideHold(
  record: EditRecord,
  edits: readonly EditRecord[],
  { mirrors, now }: Situation,
  rules: Rules,
): Verdict | null {
  if (record.state === 'held') return quiet('edit-held', 'a person decides about it');
  if (!mayTrip(edits, now, rules)) return null;
  if (mirrors === undefined) return observe('mirrors');
  const bays = trippedBays(edits, mirrors, now, rules);
  if (!bays.has(record.bay)) return null;
  const open = edits.filter((edit) => bays.has(edit.bay) && isOpen(edit));
  const held = open.filter(({ state }) => state === 'seen').map((edit) => ({ ...edit, state: 'held' as const }));
  const message = `${open.length} edits are held: more events were deleted or moved within ten minutes than rules.massChangeLimit allows`;
  return { ...act('edit-held', { do: 'record-edits', edits: held }, message), notice: { level: 'error', message } };
}
