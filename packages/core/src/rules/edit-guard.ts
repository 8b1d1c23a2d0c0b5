import type { EditRecord } from '../domain/event-record.js';
import type { Instant } from '../domain/instant.js';
import { act, observe, quiet, type Verdict } from './decision.js';
import { EDITS_COUNT_MS, isOpen } from './edit-record.js';
import type { Rules } from './rules.js';
import type { Situation } from './situation.js';

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
