import { isSameUnit, type UnitId } from '../domain/bay.js';
import type { Booking } from '../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { BookingSettings } from './settings.js';
import type { Life } from './situation.js';

/**
 * Whether a record stands for a booking, where its own status says nothing (`status: "blind"`; docs/uschedule.md,
 * "What the live service does"). Pure: everything it judges by is an argument, what it must remember is its answer.
 */

/**
 * What the availability of the record's unit and day said of its own slot, this time. `free`: a free slot begins within
 * the record's time. `unseen`: nothing was read, or a unit that has never shown any slot has shown none again.
 */
export type SlotReading = 'free' | 'not-free' | 'unseen';

/**
 * Who has the slot of a record. `newer`: a record that was made later. `moved`: one that was seen to move there, which
 * can be a mistake of one answer; so it is one reading, as a free slot is.
 */
export type Competitor = 'newer' | 'moved';

export interface LivenessEvidence {
  readonly now: Instant;
  readonly booking: Booking;
  /** What was remembered of it; null: nothing. */
  readonly record: LivenessRecord | null;
  /** It has an event of ours. */
  readonly mirrored: boolean;
  /** Another record has (part of) its slot; null: none has. */
  readonly lostTo: Competitor | null;
  readonly slot: SlotReading;
  /** When a process began with an empty store: what was under way then and is not young stays unknown. null: with none. */
  readonly emptyStartAt?: Instant | null;
}

export interface LivenessVerdict {
  readonly life: Life;
  /** Only while a checkout may still be under way: when that ends (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** What to remember from now on; the same object as given when nothing is new. */
  readonly record: LivenessRecord | null;
}

type HoldSettings = Pick<BookingSettings, 'holdMinutes' | 'urgentMinutes' | 'urgentMinAgeMinutes'>;

type LivenessSettings = HoldSettings & Pick<BookingSettings, 'cancelConfirmations'>;

export function inferLiveness(evidence: LivenessEvidence, settings: LivenessSettings): LivenessVerdict {
  const { booking, mirrored } = evidence;
  const remembered = evidence.record;
  // docs/uschedule.md#lesson-5: dead stays dead, whatever its slot says later.
  if (remembered?.dead) return { life: 'dead', record: remembered };
  const readings = deadReadings(evidence);
  // Lessons 1, 3 and 2: it says so itself; a newer record has its slot; its slot was not its own so often in a row.
  const dead = booking.status === 'dead' || evidence.lostTo === 'newer' || readings >= settings.cancelConfirmations;
  const record = remember(evidence, readings, dead);
  if (dead) return { life: 'dead', record };
  if (mirrored) return { life: 'live', record };
  return { ...lifeOfCandidate(evidence, readings, settings), record };
}

/** A record that has no event yet. */
function lifeOfCandidate(
  evidence: LivenessEvidence,
  readings: number,
  settings: LivenessSettings,
): Pick<LivenessVerdict, 'life' | 'heldUntil'> {
  const { booking, record, now, slot } = evidence;
  if (readings > 0 || booking.end <= now) return { life: 'unknown' };
  const until = heldUntil(booking, record, now, settings);
  if (now < until) return { life: 'unknown', heldUntil: until };
  // docs/uschedule.md#lesson-4: door and screen automations depend on the event of a booking that is about to begin.
  if (isUrgent(booking, now, settings)) return { life: wasUnderWay(evidence, settings) ? 'unknown' : 'live' };
  return { life: slot === 'not-free' ? 'live' : 'unknown' };
}

function isUrgent({ start }: Booking, now: Instant, { urgentMinutes }: HoldSettings): boolean {
  return start - now <= urgentMinutes * MINUTE;
}

/**
 * With an empty store, a record that is under way may have been cancelled long ago: neither its status nor availability
 * tells. A young one was made for a visit that is about to begin.
 */
function wasUnderWay({ booking, emptyStartAt }: LivenessEvidence, { urgentMinutes }: HoldSettings): boolean {
  if (emptyStartAt === undefined || emptyStartAt === null || booking.start > emptyStartAt) return false;
  const { createdAt, start } = booking;
  return createdAt === null ? true : createdAt < start - urgentMinutes * MINUTE;
}

/**
 * docs/uschedule.md#lesson-4: a record is born when its checkout begins, which may yet be abandoned. Until when it
 * waits: `holdMinutes`, or, where the booking starts within `urgentMinutes` by then, `urgentMinAgeMinutes`. One that does
 * not say when it was made may have been made as late as when it was first seen.
 */
export function heldUntil(
  { createdAt, start }: Booking,
  record: LivenessRecord | null,
  now: Instant,
  { holdMinutes, urgentMinutes, urgentMinAgeMinutes }: HoldSettings,
): Instant {
  const bornAt = Math.min(createdAt ?? record?.updatedAt ?? now, now);
  const urgentAt = Math.max(bornAt + urgentMinAgeMinutes * MINUTE, start - urgentMinutes * MINUTE);
  return Math.min(bornAt + holdMinutes * MINUTE, urgentAt);
}

/**
 * docs/uschedule.md#lesson-2: readings of the slot as free, in a row. What is listed as free is in the future: of a visit
 * that has begun, a free slot in what is left of it counts, and no slot says nothing. Nothing is said of the past, nor
 * where nothing was read. Where another record has moved there, the slot is taken by that one.
 */
function deadReadings({ booking, now, record, slot, lostTo }: LivenessEvidence): number {
  const before = record?.end === booking.end ? record.freeReadings : 0;
  if (lostTo === 'moved') return before + 1;
  if (slot === 'unseen' || booking.end <= now) return before;
  if (slot === 'free') return before + 1;
  return booking.start <= now ? before : 0;
}

function remember(evidence: LivenessEvidence, readings: number, dead: boolean): LivenessRecord | null {
  const { booking, now, record, mirrored } = evidence;
  const before = record ?? { freeReadings: 0, dead: false, end: booking.end };
  const isSilent = booking.createdAt === null && !mirrored;
  const isNew = record === null && isSilent && booking.end > now;
  if (!isNew && before.freeReadings === readings && before.dead === dead && before.end === booking.end) return record;
  // The age of a record that does not say when it was made counts from here.
  const updatedAt = isSilent ? (record?.updatedAt ?? now) : now;
  return { appointmentId: booking.appointmentId, freeReadings: readings, dead, end: booking.end, updatedAt };
}

/** A record that claims its slot. */
export interface SlotClaim {
  readonly booking: Booking;
  /** Since when: it was made then, moved there by us, or first seen there. null: not known. */
  readonly claimedAt: Instant | null;
  /** It is not where it was mirrored: somebody has moved it since. */
  readonly moved: boolean;
  /** Its slot did not read as its own when it was last looked at. */
  readonly contested: boolean;
}

/** A record that says it lasts longer stands for no visit: it has no part in this. */
const LONGEST_CLAIM_MS: number = DAY;

/**
 * docs/uschedule.md#lesson-3: a bay holds one live booking at a time, so of records that overlap on one unit only the
 * one with the
 * newest claim can be live. Answers the others, by their appointment id. Records known to be dead are not to be given.
 */
export function lostClaims(claims: readonly SlotClaim[]): ReadonlyMap<string, Competitor> {
  const lost = new Map<string, Competitor>();
  // Where clocks go forward, the order of instants is not that of wall times.
  const slackMs = claims.some(({ booking }) => booking.wall) ? DAY : 0;
  const inOrder = claims
    .filter(({ booking }) => booking.end - booking.start <= LONGEST_CLAIM_MS)
    .toSorted((a, b) => compareUnits(a.booking, b.booking) || a.booking.start - b.booking.start);
  for (const [index, claim] of inOrder.entries()) {
    for (let next = index + 1; next < inOrder.length; next++) {
      const other = inOrder[next];
      if (!other || !startsWithin(claim.booking, other.booking, slackMs)) break;
      if (!overlaps(claim.booking, other.booking)) continue;
      const [winner, loser] = hasSlot(claim, other) ? [claim, other] : [other, claim];
      const competitor = !winner.moved && !loser.moved && isNewer(winner, loser) ? 'newer' : 'moved';
      const { appointmentId } = loser.booking;
      if (competitor === 'newer' || !lost.has(appointmentId)) lost.set(appointmentId, competitor);
    }
  }
  return lost;
}

/** May `b`, which starts no earlier than `a`, overlap with it? */
function startsWithin(a: Booking, b: Booking, slackMs: number): boolean {
  return isSameUnit(a.resourceUnitId, b.resourceUnitId) && b.start < a.end + slackMs;
}

/**
 * Do two bookings of one unit overlap? Judged by wall times where both have them: a booking at an hour that clocks leap
 * over is shown in the next one, and takes nothing from a real booking there.
 */
function overlaps(a: Booking, b: Booking): boolean {
  const [one, other] = a.wall && b.wall ? [a.wall, b.wall] : [a, b];
  return one.start < other.end && other.start < one.end;
}

/**
 * Which of two has the slot: the newer one. One that is in doubt, since the other was seen to move there, stays so until
 * that is certain, though the move is no longer news.
 */
function hasSlot(claim: SlotClaim, other: SlotClaim): boolean {
  const settled = !claim.moved && !other.moved;
  return settled && claim.contested !== other.contested ? other.contested : isNewer(claim, other);
}

function isNewer(a: SlotClaim, b: SlotClaim): boolean {
  if (a.claimedAt !== null && b.claimedAt !== null && a.claimedAt !== b.claimedAt) return a.claimedAt > b.claimedAt;
  return isLaterId(a.booking.appointmentId, b.booking.appointmentId);
}

/** Ids are numbers that rise; anything else is compared as text. */
function isLaterId(a: string, b: string): boolean {
  const numeric = /^\d+$/.test(a) && /^\d+$/.test(b);
  return numeric && a.length !== b.length ? a.length > b.length : a > b;
}

/** Any fixed order will do. */
export function compareUnits(a: { readonly resourceUnitId: UnitId }, b: { readonly resourceUnitId: UnitId }): number {
  const [left, right] = [String(a.resourceUnitId), String(b.resourceUnitId)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
