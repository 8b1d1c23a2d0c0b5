import { MINUTE, SECOND } from '../domain/instant.js';
import type { SyncSettings } from './settings.js';

/**
 * The safety waits in milliseconds, derived from the call timeout and the echo window. If a wait is too short, a write of
 * ours is repeated or reverted before its effect is visible.
 */
export interface Timing {
  /** A call has ended this time after it was sent: `retry.callTimeoutSeconds`. */
  readonly longestCallMs: number;
  /**
   * A port that has not answered after this time never will. Twenty calls: a list of bookings may need many requests, with a
   * login before each.
   */
  readonly portSettlesMs: number;
  /**
   * The effect of a reschedule is visible this time after it was sent: one call, and the echo window in which the booking
   * system may serve an outdated answer.
   */
  readonly rescheduleShowsMs: number;
  /** The same for a rebooking, which has two calls: book, then cancel. */
  readonly rebookingShowsMs: number;
  /**
   * A write to an event has arrived this time after the start of its attempt, or never will. Four calls: an adapter may get
   * a token, send, get another token and repeat.
   */
  readonly writeArrivesMs: number;
  /**
   * A reschedule reserves its slot until this time after its start. Sixty calls: long after its task was retried, and short
   * enough that a lost intent blocks a new booking for minutes instead of hours.
   */
  readonly intentHoldsMs: number;
  /** First interval of the checks of an event without a map whose booking is proved neither live nor dead, or while nothing proves the account. */
  readonly unprovenAgainMs: number;
  /**
   * A reading by id shows what a list has shown this time before. Calendars are consistent after seconds; then the reading
   * counts, even if the list has shown another state.
   */
  readonly listShowsMs: number;
  /** Interval of the readings by id of an event that a list has shown in a later state. */
  readonly readAgainMs: number;
  /** Maximum deviation of record times: they are whole seconds of the booking system's clock. */
  readonly recordTimeSlackMs: number;
  /**
   * The start waits for the first list of every calendar, until no list has completed for this time, so that a slow calendar
   * delays only its own bay. A third of a call: a working list is faster.
   */
  readonly firstListPatienceMs: number;
  /** No task waits longer than this. One that is due later was stored while the clock was ahead. */
  readonly longestWaitMs: number;
  /** Minimum lease of a task if the host sets none. A call must not outlast it. */
  readonly leaseMs: number;
}

/** The longest `Retry-After` that is respected, and the longest wait for a slot. */
const LONGEST_FIXED_WAIT_MS: number = 10 * MINUTE;
/** The longest pause of an edit war, as a multiple of the longest delay of a retry. */
export const LONGEST_PAUSE = 10;

/** Returns the waits for these settings. */
export function timingOf({
  retry,
  rules,
  google,
  uschedule,
}: Pick<SyncSettings, 'retry' | 'rules' | 'google' | 'uschedule'>): Timing {
  const longestCallMs = retry.callTimeoutSeconds * SECOND;
  const echoWindowMs = rules.echoWindowSeconds * SECOND;
  const intentHoldsMs = 60 * longestCallMs;
  return {
    longestCallMs,
    portSettlesMs: 20 * longestCallMs,
    rescheduleShowsMs: longestCallMs + echoWindowMs,
    rebookingShowsMs: 2 * longestCallMs + echoWindowMs,
    writeArrivesMs: 4 * longestCallMs,
    intentHoldsMs,
    unprovenAgainMs: 5 * MINUTE,
    listShowsMs: 2 * MINUTE,
    readAgainMs: 2 * SECOND,
    recordTimeSlackMs: MINUTE,
    firstListPatienceMs: longestCallMs / 3,
    longestWaitMs:
      LONGEST_FIXED_WAIT_MS +
      LONGEST_PAUSE * retry.maxMs +
      intentHoldsMs +
      echoWindowMs +
      google.deleteGraceSeconds * SECOND +
      uschedule.holdMinutes * MINUTE,
    leaseMs: Math.max(30 * SECOND, 2 * longestCallMs),
  };
}
