import type { Bay, EngineStatus, Instant, SyncError } from '@loft/sync-core';
import type { AppParts } from '../app-parts.js';
import { calendarCure } from '../../doctor/google-cures.js';
import { stopWords } from './stop-words.js';

/** The reason why the displayed state of a bay may be outdated. */
export interface BayTrouble {
  readonly bay: string;
  readonly calendarId: string;
  /** The guard has paused the feed, or a call has failed. */
  readonly cause: 'guard' | 'error';
  /** Time of the last successful read of its calendar; null: none since the start. */
  readonly lastReadAt: Instant | null;
  /** The system that reported the reason. */
  readonly who: string;
  readonly why: string;
  readonly cure: string;
}

function troubleOf({ bay, calendarId }: Bay, account: string | null, status: EngineStatus): BayTrouble | null {
  const feed = status.feeds.find((one) => one.bay === bay);
  const circuit = status.circuits.find(({ key }) => key === calendarId || key === 'google');
  if (feed?.stopped) {
    const cure = 'See its planned actions under Needs attention, and resume it there.';
    return {
      bay,
      calendarId,
      cause: 'guard',
      lastReadAt: feed.lastSuccessAt,
      who: 'The guard',
      why: stopWords(feed.stopped.reason),
      cure,
    };
  }
  const error: SyncError | null = circuit?.error ?? feed?.lastError ?? null;
  if (error === null) return null;
  const why = error.message.trim().replace(/\.$/, '');
  return {
    bay,
    calendarId,
    cause: 'error',
    lastReadAt: feed?.lastSuccessAt ?? null,
    who: 'Google Calendar',
    why,
    cure: calendarCure(error, calendarId, account),
  };
}

/** Finds the bays whose calendar cannot be read or written now. */
export function bayTroubles(
  { bays, googleAccount }: Pick<AppParts, 'bays' | 'googleAccount'>,
  status: EngineStatus,
): readonly BayTrouble[] {
  return bays.flatMap((bay) => troubleOf(bay, googleAccount, status) ?? []);
}
