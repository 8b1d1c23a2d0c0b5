import { isSameUnit, type UnitId } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';
import { cancelledRecord, currentRecord, isRecordedDead } from './reused-id.js';
import type { BookingSettings } from './settings.js';
import type { Life } from './situation.js';

/**
 * Decides whether a record is a live booking if its status is hidden (`status: "blind"`; docs/uschedule.md, "What the live
 * service does"). Pure: the arguments contain all evidence, and the result contains the new state.
 */

/**
 * The evidence of the current availability about the record's own slot. `free`: a free slot starts within the record's time.
 * `unseen`: nothing was read, or a unit that has never shown a slot has shown none again.
 */
export type SlotReading = 'free' | 'not-free' | 'unseen';

/**
 * docs/decision-table.md#guards, "Blind": a free slot that starts within the record's time is evidence against it, for any
 * distance between the starts of slots.
 */
export function readingOf({ start, end }: Booking, free: readonly Instant[]): SlotReading {
  return free.some((slot) => slot >= start && slot < end) ? 'free' : 'not-free';
}

/**
 * The kind of record that has taken the slot of another. `newer`: created later. `moved`: observed to move there. One answer
 * can be wrong, so a move counts as one reading, like a free slot.
 */
export type Competitor = 'newer' | 'moved';

export interface LivenessEvidence {
  readonly now: Instant;
  readonly booking: Booking;
  /** The stored record. Null if there is none. */
  readonly record: LivenessRecord | null;
  /** The booking has an event of ours. */
  readonly mirrored: boolean;
  /** Another record occupies (part of) its slot. Null if none does. */
  readonly lostTo: Competitor | null;
  readonly slot: SlotReading;
  /** Time of a start with an empty store: a visit in progress at that time stays `unknown`. Null if there was none. */
  readonly emptyStartAt: Instant | null;
}

export interface LivenessVerdict {
  readonly status: Life;
  /** End of the checkout. Only while a checkout may be in progress (docs/decision-table.md#row-1a). */
  readonly heldUntil?: Instant;
  /** The record to store. The same object as given if there is no change. */
  readonly record: LivenessRecord | null;
}

type HoldSettings = Pick<BookingSettings, 'holdMinutes' | 'urgentMinutes' | 'urgentMinAgeMinutes'>;

type LivenessSettings = HoldSettings & Pick<BookingSettings, 'cancelConfirmations'>;

export function inferLiveness(given: LivenessEvidence, settings: LivenessSettings): LivenessVerdict {
  const { booking, mirrored } = given;
  // docs/uschedule.md#lesson-5: dead is final, for any later reading of the slot.
  if (isRecordedDead(booking, given.record)) return { status: 'dead', record: cancelledRecord(booking, given) };
  const evidence = { ...given, record: currentRecord(given) };
  const readings = deadReadings(evidence);
  // Lessons 1, 3 and 2: cancelled by its own status; a newer record has its slot; or enough consecutive readings of a lost
  // slot.
  const dead = booking.status === 'dead' || evidence.lostTo === 'newer' || readings >= settings.cancelConfirmations;
  const record = remember(evidence, readings, dead);
  if (dead) return { status: 'dead', record };
  if (mirrored) return { status: 'live', record };
  return { ...statusOfCandidate(evidence, readings, settings), record };
}

/** A record that has no event yet. */
function statusOfCandidate(
  evidence: LivenessEvidence,
  readings: number,
  settings: LivenessSettings,
): Pick<LivenessVerdict, 'status' | 'heldUntil'> {
  const { booking, record, now, slot } = evidence;
  if (readings > 0 || booking.end <= now) return { status: 'unknown' };
  const until = heldUntil(booking, record, now, settings);
  if (now < until) return { status: 'unknown', heldUntil: until };
  // docs/uschedule.md#lesson-4: door and screen automations depend on the event of a booking that starts soon.
  if (isUrgent(booking, now, settings)) return { status: wasUnderWay(evidence, settings) ? 'unknown' : 'live' };
  return { status: slot === 'not-free' ? 'live' : 'unknown' };
}

function isUrgent({ start }: Booking, now: Instant, { urgentMinutes }: HoldSettings): boolean {
  return start - now <= urgentMinutes * MINUTE;
}

/**
 * With an empty store, a visit in progress may have been cancelled long ago: neither its status nor availability shows it. A
 * young record was created for a visit that starts soon.
 */
function wasUnderWay({ booking, emptyStartAt }: LivenessEvidence, { urgentMinutes }: HoldSettings): boolean {
  if (emptyStartAt === null || booking.start > emptyStartAt) return false;
  const { createdAt, start } = booking;
  return createdAt === null ? true : createdAt < start - urgentMinutes * MINUTE;
}

/**
 * docs/uschedule.md#lesson-4: a record is created at the start of its checkout, which may be abandoned. Returns the end of
 * its wait: `holdMinutes`, or, if the booking starts within `urgentMinutes` by then, `urgentMinAgeMinutes`. A record without
 * a creation time, or with one in the future, counts from its first observation: the booking system may write creation times in
 * another zone than assumed.
 */
export function heldUntil(
  { createdAt, start }: Booking,
  record: LivenessRecord | null,
  now: Instant,
  { holdMinutes, urgentMinutes, urgentMinAgeMinutes }: HoldSettings,
): Instant {
  const bornAt = Math.min((isKnownAge(createdAt, now) ? createdAt : record?.updatedAt) ?? now, now);
  const urgentAt = Math.max(bornAt + urgentMinAgeMinutes * MINUTE, start - urgentMinutes * MINUTE);
  return Math.min(bornAt + holdMinutes * MINUTE, urgentAt);
}

/** Maximum deviation of the booking system's clock. */
const CLOCK_SLACK_MS: number = MINUTE;

/** Is the creation time not in the future? */
function isKnownAge(createdAt: Instant | null, now: Instant): createdAt is Instant {
  return createdAt !== null && createdAt <= now + CLOCK_SLACK_MS;
}

/**
 * docs/uschedule.md#lesson-2: counts consecutive readings of the slot as free. Listed free slots are in the future. For a
 * visit in progress, a free slot in the rest of it counts, and no free slot is no evidence. Past visits and missing readings
 * are no evidence. If another record has moved there, that record occupies the slot.
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
  const isSilent = !isKnownAge(booking.createdAt, now) && !mirrored;
  const isNew = record === null && isSilent && booking.end > now;
  if (!isNew && before.freeReadings === readings && before.dead === dead && before.end === booking.end) return record;
  // The age of a record without a creation time counts from here.
  const updatedAt = isSilent ? (record?.updatedAt ?? now) : now;
  const createdAt = dead ? (booking.createdAt ?? undefined) : record?.createdAt;
  return {
    appointmentId: booking.appointmentId,
    freeReadings: readings,
    dead,
    end: booking.end,
    updatedAt,
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

/** A record that claims its slot. */
export interface SlotClaim {
  readonly booking: Booking;
  /** Start of the claim: the record was created, moved there by us, or first observed there. Null if unknown. */
  readonly claimedAt: Instant | null;
  /** The record differs from its mirrored place: a user has moved it. */
  readonly moved: boolean;
  /** The latest reading of its slot showed it as lost. */
  readonly contested: boolean;
}

/**
 * Returns the claim of a record.
 *
 * @param movedAt when it was first observed at another place than its mirrored one; null if it has not moved
 */
export function claimOf(
  booking: Booking,
  map: BookingEventMap | null,
  record: LivenessRecord | null,
  movedAt: Instant | null,
): SlotClaim {
  const { createdAt, end } = booking;
  const contested = record !== null && record.freeReadings > 0 && record.end === end;
  if (movedAt !== null) return { booking, claimedAt: movedAt, moved: true, contested };
  const writtenAt = map?.bookingWrittenAt ?? 0;
  return { booking, claimedAt: createdAt === null ? null : Math.max(createdAt, writtenAt), moved: false, contested };
}

/** A longer record is no visit and is ignored here. */
const LONGEST_CLAIM_MS: number = DAY;

/**
 * docs/uschedule.md#lesson-3: a bay has one live booking at a time, so of overlapping records on one unit only the one with
 * the newest claim can be live. Returns the others, by appointment id. The caller leaves out records that are known to be
 * dead.
 */
export function lostClaims(claims: readonly SlotClaim[]): ReadonlyMap<string, Competitor> {
  const lost = new Map<string, Competitor>();
  // When clocks are set forward, instants and wall times are ordered differently.
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
 * Do two bookings of one unit overlap? Compared by wall times if both have them: a booking at an hour that clocks skip is
 * shown in the next hour, and does not conflict with a real booking there.
 */
function overlaps(a: Booking, b: Booking): boolean {
  const [one, other] = a.wall && b.wall ? [a.wall, b.wall] : [a, b];
  return one.start < other.end && other.start < one.end;
}

/**
 * Returns which of two records has the slot: the newer one. If one is in doubt because the other moved there, it stays in
 * doubt until that is certain, even after the move is known.
 */
function hasSlot(claim: SlotClaim, other: SlotClaim): boolean {
  const settled = !claim.moved && !other.moved;
  return settled && claim.contested !== other.contested ? other.contested : isNewer(claim, other);
}

function isNewer(a: SlotClaim, b: SlotClaim): boolean {
  if (a.claimedAt !== null && b.claimedAt !== null && a.claimedAt !== b.claimedAt) return a.claimedAt > b.claimedAt;
  return isLaterId(a.booking.appointmentId, b.booking.appointmentId);
}

/** Numeric ids are compared as numbers, because they rise. Other ids are compared as text. */
function isLaterId(a: string, b: string): boolean {
  const numeric = /^\d+$/.test(a) && /^\d+$/.test(b);
  return numeric && a.length !== b.length ? a.length > b.length : a > b;
}

/** Any fixed order is sufficient. */
export function compareUnits(a: { readonly resourceUnitId: UnitId }, b: { readonly resourceUnitId: UnitId }): number {
  const [left, right] = [String(a.resourceUnitId), String(b.resourceUnitId)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
