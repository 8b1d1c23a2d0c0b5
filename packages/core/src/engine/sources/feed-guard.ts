import type { FeedState, FeedStop } from '../../domain/feed-state.js';
import type { Instant } from '../../domain/instant.js';
import { isMassChange } from '../../rules/mass-change.js';
import type { GuardSettings } from '../../rules/settings.js';

export interface GuardedChange {
  /** What has happened to so many, in words: `bookings are gone`. */
  readonly what: string;
  readonly wouldCancel: number;
  /** Live mirrors there are. */
  readonly mirrors: number;
}

/**
 * Asks the mass-change guard about one run of a feed (docs/decision-table.md#guards). null: the run may cancel what it
 * found. What stops is the cancelling; new and changed bookings go on being mirrored, since no guard protects anybody
 * from those.
 */
export function guardStop(
  change: GuardedChange,
  state: FeedState | null,
  guards: GuardSettings,
  now: Instant,
): FeedStop | null {
  const { what, wouldCancel, mirrors } = change;
  if (state?.resumed || !isMassChange(wouldCancel, mirrors, guards)) return null;
  const reason =
    `${wouldCancel} of ${mirrors} ${what} at once, which is more than massChangeLimit allows. ` +
    'Nothing is cancelled until they are back or a person resumes the feed.';
  return { at: state?.stopped?.at ?? now, reason, wouldCancel, mirrors };
}

/** Only some slots are read in one run: if most of them are free, the evidence is at fault. */
export function freeSlotsStop(
  { free, read }: { readonly free: number; readonly read: number },
  guard: (change: GuardedChange) => FeedStop | null,
): FeedStop | null {
  return guard({ what: 'booked slots read as free', wouldCancel: free, mirrors: read });
}
