import type { UnitId } from '../domain/bay.js';
import type { Instant } from '../domain/instant.js';
import { compareUnits } from './liveness.js';

/** One unit on one local day: what availability is asked for at once. */
export interface UnitDay {
  readonly key: string;
  readonly resourceUnitId: UnitId;
  /** First instant of the local day. */
  readonly day: Instant;
  /** Length of the shortest booking in question, in minutes: a slot needs no more room to tell of it. */
  readonly minutes: number;
  /** A slot of it read as free lately: it is looked at again before all others, so that readings are in a row. */
  readonly needsConfirmation: boolean;
  /** A booking waits for a reading to be mirrored. */
  readonly blocksCreation: boolean;
}

/** Of the calls of one poll, the part that is kept free for creations, and for the rest, by those before them. */
const KEPT_PART = 4;

/**
 * Which unit-days are asked about in one poll, at most `limit`: first those that need a confirmation, then those
 * that block a creation, then the rest, but so that none of the three waits for ever. Within each, those that were asked longest ago (`askedAt`; never
 * counts as longest), nearer days first.
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
  const kept = (group: readonly UnitDay[]): number => Math.min(group.length, Math.floor(limit / KEPT_PART));
  const first = needsConfirmation.slice(0, limit - kept(blocksCreation) - kept(rest));
  const second = blocksCreation.slice(0, limit - first.length - kept(rest));
  return [...first, ...second, ...rest.slice(0, limit - first.length - second.length)];
}
