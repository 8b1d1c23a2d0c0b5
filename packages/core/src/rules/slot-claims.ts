import { isSameUnit, type UnitId } from '../domain/bay.js';
import type { BookingEventMap } from '../domain/booking-event-map.js';
import type { Booking } from '../domain/booking.js';
import { DAY, MINUTE, type Instant } from '../domain/instant.js';
import type { LivenessRecord } from '../domain/liveness-record.js';

/** docs/uschedule.md#lesson-3: which of the records that overlap on one unit has the slot. */

/**
 * The kind of record that has taken the slot of another. `newer`: created later. `moved`: observed to move there. One answer
 * can be wrong, so a move counts as one reading, like a free slot.
 */
export type Competitor = 'newer' | 'moved';

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
 * Returns the claim of a record. A creation time in the future is in another zone than assumed: then the record was made before the
 * last write of its map, or at an unknown time.
 *
 * @param movedAt when it was first observed at another place than its mirrored one; null if it has not moved
 */
export function claimOf(
  booking: Booking,
  map: BookingEventMap | null,
  record: LivenessRecord | null,
  movedAt: Instant | null,
  now: Instant,
): SlotClaim {
  const { end } = booking;
  const contested = record !== null && record.freeReadings > 0 && record.end === end;
  if (movedAt !== null) return { booking, claimedAt: movedAt, moved: true, contested };
  const writtenAt = map?.bookingWrittenAt ?? 0;
  const isKnown = booking.createdAt === null || booking.createdAt <= now + CLOCK_SLACK_MS;
  const createdAt = isKnown ? booking.createdAt : map?.status === 'ACTIVE' ? map.lastSyncedAt : null;
  return { booking, claimedAt: createdAt === null ? null : Math.max(createdAt, writtenAt), moved: false, contested };
}

/** Maximum deviation of the booking system's clock. */
const CLOCK_SLACK_MS: number = MINUTE;

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
