import type { UnitId } from '../domain/bay.js';
import type { Instant } from '../domain/instant.js';
import { compareUnits } from './slot-claims.js';

/** One unit on one local day: the scope of one availability request. */
export interface UnitDay {
  readonly key: string;
  readonly resourceUnitId: UnitId;
  /** First instant of the local day. */
  readonly day: Instant;
  /** Length of the shortest booking in question, in minutes: a free slot needs no more room to be evidence. */
  readonly minutes: number;
  /** One of its slots was recently free: it is read again first, so that the readings are consecutive. */
  readonly needsConfirmation: boolean;
  /** A booking waits for a reading before it is mirrored. */
  readonly blocksCreation: boolean;
}

/** Shares of the calls of one poll that are reserved for creations, and for the rest. */
const RESERVED_PART = 4;

/**
 * Selects the unit-days that one poll reads, at most `limit`: first those that need a confirmation, then those that block a
 * creation, then the rest, with a reserved share for each group. Within each group those with the oldest reading come first
 * (`askedAt`; never read counts as oldest), then nearer days.
 */
export function chooseUnitDays(
  unitDays: readonly UnitDay[],
  askedAt: ReadonlyMap<string, Instant>,
  limit: number,
): readonly UnitDay[] {
  const inTurn = unitDays.toSorted(
    (a, b) => (askedAt.get(a.key) ?? 0) - (askedAt.get(b.key) ?? 0) || a.day - b.day || compareUnits(a, b),
  );
  const needsConfirmation = inTurn.filter((unitDay) => unitDay.needsConfirmation);
  const blocksCreation = inTurn.filter((unitDay) => unitDay.blocksCreation && !unitDay.needsConfirmation);
  const rest = inTurn.filter((unitDay) => !unitDay.blocksCreation && !unitDay.needsConfirmation);
  const reserved = (group: readonly UnitDay[]): number => Math.min(group.length, Math.floor(limit / RESERVED_PART));
  const first = needsConfirmation.slice(0, limit - reserved(blocksCreation) - reserved(rest));
  const second = blocksCreation.slice(0, limit - first.length - reserved(rest));
  return [...first, ...second, ...rest.slice(0, limit - first.length - second.length)];
}
