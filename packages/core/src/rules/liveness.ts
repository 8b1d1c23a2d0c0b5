import type { Booking } from '../domain/booking.js';
import { MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import type { BookingSettings } from './settings.js';
import type { Life } from './situation.js';

/**
 * Whether a record stands for a booking, where its own status says nothing (`status: "blind"`; USchedule contract,
 * "What the live service does"). Pure: everything it judges by is an argument, what it must remember is its answer.
 */

/** What the availability of the record's unit and day said of its own slot, this time. `unseen`: nothing was read. */
export type SlotReading = 'free' | 'not-free' | 'unseen';

export interface LivenessEvidence {
  readonly now: Instant;
  readonly booking: Booking;
  /** What was remembered of it; null: nothing. */
  readonly record: LivenessRecord | null;
  /** It has an event of ours. */
  readonly mirrored: boolean;
  /** A newer record holds (part of) its slot. */
  readonly overlapped: boolean;
  readonly slot: SlotReading;
}

export interface LivenessVerdict {
  readonly life: Life;
  /** What to remember from now on; the same object as given when nothing is new. */
  readonly record: LivenessRecord | null;
}

type LivenessSettings = Pick<BookingSettings, 'holdMinutes' | 'urgentMinutes' | 'cancelConfirmations'>;

export function judgeLiveness(evidence: LivenessEvidence, settings: LivenessSettings): LivenessVerdict {
  const { booking, mirrored } = evidence;
  const remembered = evidence.record;
  // Lesson 5: dead stays dead, whatever its slot says later.
  if (remembered?.dead) return { life: 'dead', record: remembered };
  const readings = freeReadings(evidence);
  // Lessons 1, 3 and 2: it says so itself; a newer record has its slot; its slot was free so often in a row.
  const dead = booking.status === 'dead' || evidence.overlapped || readings >= settings.cancelConfirmations;
  const record = remember(evidence, readings, dead);
  if (dead) return { life: 'dead', record };
  if (mirrored) return { life: 'live', record };
  return { life: lifeOfCandidate(evidence, readings, settings), record };
}

/** A record that has no event yet. */
function lifeOfCandidate({ booking, now, slot }: LivenessEvidence, readings: number, settings: LivenessSettings): Life {
  if (readings > 0) return 'unknown';
  // Lesson 4: doors and screens hang on an event that is about to begin; it cannot wait for the checkout's hold.
  if (booking.start - now <= settings.urgentMinutes * MINUTE) return booking.end > now ? 'live' : 'unknown';
  if (isHeld(booking, now, settings)) return 'unknown';
  return slot === 'not-free' ? 'live' : 'unknown';
}

/** Lesson 4: a record is born when its checkout begins, which may yet be abandoned. */
export function isHeld(
  { createdAt }: Booking,
  now: Instant,
  { holdMinutes }: Pick<LivenessSettings, 'holdMinutes'>,
): boolean {
  return createdAt !== null && now < createdAt + holdMinutes * MINUTE;
}

/** Lesson 2: readings of the slot as free, in a row. It says nothing about the past, and nothing when it was not read. */
function freeReadings({ booking, now, record, slot }: LivenessEvidence): number {
  const before = record?.end === booking.end ? record.freeReadings : 0;
  if (slot === 'unseen' || booking.start <= now) return before;
  return slot === 'free' ? before + 1 : 0;
}

function remember({ booking, now, record }: LivenessEvidence, readings: number, dead: boolean): LivenessRecord | null {
  const before = record ?? { freeReadings: 0, dead: false, end: booking.end };
  if (before.freeReadings === readings && before.dead === dead && before.end === booking.end) return record;
  return { appointmentId: booking.appointmentId, freeReadings: readings, dead, end: booking.end, updatedAt: now };
}

/** A record, and since when it claims its slot: its creation, or the last time it was moved there. */
export interface SlotClaim {
  readonly booking: Booking;
  /** null: not known; then only the order of the ids tells. */
  readonly claimedAt: Instant | null;
}

/**
 * Lesson 3: a bay holds one live booking at a time, so of records that overlap on one unit only the one with the
 * newest claim can be live. Answers the appointment ids of the others. Records known to be dead are not to be given.
 */
export function overlappedClaims(claims: readonly SlotClaim[]): ReadonlySet<string> {
  const losers = new Set<string>();
  const inOrder = claims.toSorted(
    (a, b) => a.booking.resourceUnitId - b.booking.resourceUnitId || a.booking.start - b.booking.start,
  );
  for (const [index, claim] of inOrder.entries()) {
    for (let next = index + 1; next < inOrder.length; next++) {
      const other = inOrder[next];
      if (!other || !overlaps(claim.booking, other.booking)) break;
      losers.add((isNewer(claim, other) ? other : claim).booking.appointmentId);
    }
  }
  return losers;
}

/** `b` starts no earlier than `a`. */
function overlaps(a: Booking, b: Booking): boolean {
  return a.resourceUnitId === b.resourceUnitId && b.start < a.end;
}

function isNewer(a: SlotClaim, b: SlotClaim): boolean {
  if (a.claimedAt !== null && b.claimedAt !== null && a.claimedAt !== b.claimedAt) return a.claimedAt > b.claimedAt;
  return compareIds(a.booking.appointmentId, b.booking.appointmentId) > 0;
}

/** Ids are numbers that rise; anything else is compared as text. */
function compareIds(a: string, b: string): number {
  const numeric = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (numeric && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One unit on one local day: what availability is asked for at once. */
export interface UnitDay {
  readonly key: string;
  readonly resourceUnitId: number;
  /** First instant of the local day. */
  readonly day: Instant;
  /** A slot of it read as free lately: it is looked at again before all others, so that readings are in a row. */
  readonly suspicious: boolean;
  /** A booking waits for a reading to be mirrored. */
  readonly awaited: boolean;
}

/**
 * Which unit-days are asked about in one poll, at most `limit`: the suspicious first, then the awaited, then those
 * that were asked longest ago (`askedAt`; never counts as longest), nearer days first.
 */
export function chooseUnitDays(
  unitDays: readonly UnitDay[],
  askedAt: ReadonlyMap<string, Instant>,
  limit: number,
): readonly UnitDay[] {
  const rank = (unitDay: UnitDay): number => (unitDay.suspicious ? 0 : unitDay.awaited ? 1 : 2);
  return unitDays
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        (askedAt.get(a.key) ?? 0) - (askedAt.get(b.key) ?? 0) ||
        a.day - b.day ||
        a.resourceUnitId - b.resourceUnitId,
    )
    .slice(0, limit);
}
