import type { Bay, EngineStatus, Instant, SyncError } from '@loft/sync-core';
import { calendarCure } from '../../doctor/google-cures.js';

/** Why what a bay shows may not be so. */
export interface BayTrouble {
  readonly bay: string;
  /** When its calendar was last read without a failure; null: not since the start. */
  readonly lastReadAt: Instant | null;
  /** Who says why. */
  readonly who: string;
  readonly why: string;
  readonly cure: string;
}

function troubleOf({ bay, calendarId }: Bay, status: EngineStatus): BayTrouble | null {
  const feed = status.feeds.find((one) => one.bay === bay);
  const circuit = status.circuits.find(({ key }) => key === calendarId || key === 'google');
  if (feed?.stopped) {
    const cure = 'See what it would do under Needs attention, and resume it there.';
    return { bay, lastReadAt: feed.lastSuccessAt, who: 'A guard', why: feed.stopped.reason, cure };
  }
  const error: SyncError | null = circuit?.error ?? feed?.lastError ?? null;
  if (error === null) return null;
  const why = error.message.trim().replace(/\.$/, '');
  return {
    bay,
    lastReadAt: feed?.lastSuccessAt ?? null,
    who: 'Google Calendar',
    why,
    cure: calendarCure(error, calendarId, null),
  };
}

/** The bays whose calendar cannot be read or written to now. */
export function bayTroubles(bays: readonly Bay[], status: EngineStatus): readonly BayTrouble[] {
  return bays.flatMap((bay) => troubleOf(bay, status) ?? []);
}
