import type { Trigger } from '../../domain/task.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';
import type { CallEffect } from '../../ports/port-methods.js';
import { TokenBucket, unitMsOf, type QuotaLimits } from './token-bucket.js';

/**
 * The order in which calls wait for the quota.
 * - `prompt`: a person waits for the result: a hint, an edit in a calendar, a replay.
 * - `backlog`: bookings that a poll has found.
 * - `background`: incremental syncs and watch channels. They use only a part of the quota.
 */
export type CallPriority = 'prompt' | 'backlog' | 'background';

/** The cause of a call: the trigger of its task, a command, a notification that requests a read, or a source's schedule. */
export type CallCause = Trigger | 'command' | 'notification' | 'schedule';

const OF_CAUSE: Readonly<Record<CallCause, CallPriority>> = {
  hint: 'prompt',
  sweep: 'prompt',
  replay: 'prompt',
  'follow-up': 'prompt',
  command: 'prompt',
  notification: 'prompt',
  poll: 'backlog',
  schedule: 'background',
};

/** Returns the priority of a call. A watch channel is always background; a write never is. */
export function priorityOf(effect: CallEffect, cause: CallCause): CallPriority {
  if (effect === 'channel') return 'background';
  const priority = OF_CAUSE[cause];
  return effect === 'write' && priority === 'background' ? 'prompt' : priority;
}

/** Calls with a lower number go first. */
const RANK: Readonly<Record<CallPriority, number>> = { prompt: 0, backlog: 1, background: 2 };

/** A call that waits for its units. */
interface Waiter {
  readonly units: number;
  readonly priority: () => CallPriority;
  readonly resolve: (granted: CallPriority | null) => void;
}

/** Default share of the quota that may be used at once, and its minimum: the most expensive call. */
const BURST_SHARE = 0.05;
const LEAST_BURST = 3;
/** Share of the quota for the background. The rest is reserved for users' changes. */
const BACKGROUND_SHARE = 0.45;
/** Maximum parallel background calls, so that calendars that do not answer leave connections for the other calls. */
const BACKGROUND_CALLS = 16;
/** Interval, in turns, after which the call that has waited longest goes first, with any priority. */
const FAIR_TURN = 10;

/** More than any account can use: no limit. */
const UNLIMITED: QuotaLimits = { perMinute: 2e9, burst: 1e9 };

/**
 * Returns the limits. `perMinute` null: no limit. `burst` undefined: a twentieth of the quota, which leaves 95 % for a
 * steady flow.
 */
export function quotaLimits(perMinute: number | null, burst: number | undefined): QuotaLimits {
  if (perMinute === null) return UNLIMITED;
  const wanted = burst ?? Math.max(LEAST_BURST, Math.round(perMinute * BURST_SHARE));
  return { perMinute, burst: Math.min(wanted, perMinute - 1) };
}

/** Returns a part of the limits. */
export function shareOf({ perMinute, burst }: QuotaLimits, share: number): QuotaLimits {
  return { perMinute: perMinute * share, burst: burst * share };
}

/**
 * The quota of one account, shared by all calls. A call waits until its units are available. Prompt calls go first, then the
 * backlog, then the background, each in order of arrival. Every tenth turn goes to the call that has waited longest, so that
 * no call starves. Background calls also have their own bucket, so they never use the rest of the quota.
 */
export class CallQuota {
  /** Limits of the account, regardless of this replica's share. */
  readonly limits: QuotaLimits;
  /** Milliseconds per unit of the account. */
  readonly unitMs: number;
  readonly #clock: Clock;
  readonly #all: TokenBucket;
  readonly #background: TokenBucket;
  /** In order of arrival. */
  #waiting: Waiter[] = [];
  #turns = 0;
  #backgroundCalls = 0;
  #isBackgroundClosed = false;
  #cancelTimer: CancelTimer | null = null;

  /** @param own the initial share of this replica */
  constructor(clock: Clock, limits: QuotaLimits, own: QuotaLimits = limits) {
    this.#clock = clock;
    this.limits = limits;
    this.unitMs = unitMsOf(limits);
    this.#all = new TokenBucket(clock, own);
    this.#background = new TokenBucket(clock, shareOf(own, BACKGROUND_SHARE));
  }

  get burst(): number {
    return this.limits.burst;
  }

  /** Sets the share of this replica. */
  setOwn(own: QuotaLimits): void {
    this.#all.setLimits(own);
    this.#background.setLimits(shareOf(own, BACKGROUND_SHARE));
    this.serve();
  }

  /**
   * Takes units. The caller calls `ended` afterwards.
   *
   * @param priority evaluated again at each turn: it may rise while the call waits
   * @returns the priority with which the units were taken; null if the background is closed
   */
  take(units: number, priority: () => CallPriority): Promise<CallPriority | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ units, priority, resolve });
      this.serve();
    });
  }

  /** Reports the end of a call with this priority. @param unused units that the call did not use */
  ended(priority: CallPriority, unused: number): void {
    this.#all.giveBack(unused);
    if (priority === 'background') {
      this.#background.giveBack(unused);
      this.#backgroundCalls--;
    }
    this.serve();
  }

  /** Cancels waiting background calls, because the engine stops. */
  closeBackground(): void {
    this.#isBackgroundClosed = true;
    this.serve();
  }

  /** Starts waiting calls, as far as there are units. Also called after a priority has risen. */
  serve(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#isBackgroundClosed) this.#refuseBackground();
    for (let next = this.#next(); next; next = this.#next()) {
      const priority = next.priority();
      const waitMs = this.#waitMs(next.units, priority);
      if (waitMs > 0) {
        this.#cancelTimer = this.#clock.setTimer(waitMs, () => this.serve());
        return;
      }
      this.#grant(next, priority);
    }
  }

  #grant(waiter: Waiter, priority: CallPriority): void {
    this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
    this.#turns++;
    this.#all.take(waiter.units);
    if (priority === 'background') {
      this.#background.take(waiter.units);
      this.#backgroundCalls++;
    }
    waiter.resolve(priority);
  }

  /** Returns the next call, with or without enough units. */
  #next(): Waiter | null {
    const isFull = this.#isFull();
    const isFairTurn = this.#turns % FAIR_TURN === FAIR_TURN - 1;
    let next: Waiter | null = null;
    let rank = Infinity;
    let units = -1;
    let hasUnits = true;
    for (const waiter of this.#waiting) {
      const priority = waiter.priority();
      if (RANK[priority] >= rank) continue;
      if (priority === 'background') {
        if (isFull) continue;
        if (waiter.units !== units) hasUnits = this.#background.waitMs((units = waiter.units)) === 0;
        if (!hasUnits) continue;
      }
      next = waiter;
      rank = RANK[priority];
      if (isFairTurn || rank === 0) return next;
    }
    // Without other calls, the background waits for its own bucket.
    return next ?? (isFull ? null : (this.#waiting[0] ?? null));
  }

  #isFull(): boolean {
    return this.#backgroundCalls >= BACKGROUND_CALLS;
  }

  #waitMs(units: number, priority: CallPriority): number {
    const waitMs = this.#all.waitMs(units);
    return priority === 'background' ? Math.max(waitMs, this.#background.waitMs(units)) : waitMs;
  }

  #refuseBackground(): void {
    const isRefused = ({ priority }: Waiter): boolean => priority() === 'background';
    const refused = this.#waiting.filter(isRefused);
    this.#waiting = this.#waiting.filter((waiter) => !isRefused(waiter));
    for (const { resolve } of refused) resolve(null);
  }
}
