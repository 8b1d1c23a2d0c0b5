import { MINUTE, SECOND } from '../domain/instant.js';
import type { SyncSettings } from './settings.js';

/**
 * The waits that safety rests on, in milliseconds, all derived from the call timeout and the echo window. With a wait
 * that is too short, a write of ours is repeated or undone before its effect shows.
 */
export interface Timing {
  /** A call that was sent this long ago has ended: `retry.callTimeoutSeconds`. */
  readonly longestCallMs: number;
  /**
   * A port that has not answered after this time never will. Twenty calls: a list of bookings may be many requests, with
   * a log-in before each.
   */
  readonly portSettlesMs: number;
  /**
   * The effect of a reschedule that was sent this long ago shows in a reading: one call, and the echo window in which
   * the booking system may serve its old answer.
   */
  readonly rescheduleShowsMs: number;
  /** The same for a rebooking, which is two calls: book, then cancel. */
  readonly rebookingShowsMs: number;
  /**
   * A write to an event has arrived this long after its attempt began, or it never will. Four calls: an adapter may get a
   * token, send, get another token and repeat.
   */
  readonly writeArrivesMs: number;
  /**
   * A reschedule that began this long ago reserves its slot no longer. Sixty calls: long after its task was retried,
   * and short enough that a lost intent blocks a new booking for minutes and not for hours.
   */
  readonly intentHoldsMs: number;
  /** Blind mode: an event whose booking is neither surely live nor dead is checked again after this time. */
  readonly unprovenAgainMs: number;
  /** Record times of the booking system are whole seconds of another clock: they may be off by this much. */
  readonly recordTimeSlackMs: number;
  /**
   * The start waits for the first list of every calendar, until none has been listed for this long: a calendar that hangs
   * holds up its own bay alone. A third of a call: a list that works is quicker.
   */
  readonly firstListPatienceMs: number;
  /** The lease of a task lasts at least this long where the host gives none: a call must not outlast it. */
  readonly leaseMs: number;
}

/** The waits for these settings. */
export function timingOf({ retry, rules }: Pick<SyncSettings, 'retry' | 'rules'>): Timing {
  const longestCallMs = retry.callTimeoutSeconds * SECOND;
  const echoWindowMs = rules.echoWindowSeconds * SECOND;
  return {
    longestCallMs,
    portSettlesMs: 20 * longestCallMs,
    rescheduleShowsMs: longestCallMs + echoWindowMs,
    rebookingShowsMs: 2 * longestCallMs + echoWindowMs,
    writeArrivesMs: 4 * longestCallMs,
    intentHoldsMs: 60 * longestCallMs,
    unprovenAgainMs: 5 * MINUTE,
    recordTimeSlackMs: MINUTE,
    firstListPatienceMs: longestCallMs / 3,
    leaseMs: Math.max(30 * SECOND, 2 * longestCallMs),
  };
}
