import type { CancelTimer, Clock } from '../../ports/clock.js';
import { RANK, type CallPriority } from './call-priority.js';
import { TokenBucket, unitMsOf, type QuotaLimits } from './token-bucket.js';

/** A call that waits for its units. */
interface Waiter {
  readonly units: number;
  readonly priority: () => CallPriority;
  readonly resolve: (granted: CallPriority | null) => void;
}

/** Share of the quota that may be used at once by default, and the least: the dearest call. */
const BURST_SHARE = 0.05;
const LEAST_BURST = 3;
/** Share of the quota that the background may use: people's changes find the rest, more than half. */
const BACKGROUND_SHARE = 0.45;
/** Most background calls under way, so that calendars that do not answer leave connections for the other calls. */
const BACKGROUND_CALLS = 16;
/** Every such turn goes to the call that has waited longest, whatever its priority. */
const FAIR_TURN = 10;

/** More than any account can use: no limit at all. */
const UNLIMITED: QuotaLimits = { perMinute: 2e9, burst: 1e9 };

/** `perMinute` null: no limit. `burst` undefined: a twentieth of the quota, so that what is left of it for a steady flow is 95 %. */
export function quotaLimits(perMinute: number | null, burst: number | undefined): QuotaLimits {
  if (perMinute === null) return UNLIMITED;
  const wanted = burst ?? Math.max(LEAST_BURST, Math.round(perMinute * BURST_SHARE));
  return { perMinute, burst: Math.min(wanted, perMinute - 1) };
}

/** A part of the limits. */
export function shareOf({ perMinute, burst }: QuotaLimits, share: number): QuotaLimits {
  return { perMinute: perMinute * share, burst: burst * share };
}

/**
 * The quota of one account, for all calls whatever they are about. A call waits until its units are there. Prompt calls go
 * first, then the backlog, then the background, each in order of arrival. Every tenth turn goes to the call that has waited
 * longest, so that nothing starves. Background calls have a bucket of their own besides: the rest of the quota is never
 * theirs.
 */
export class CallQuota {
  /** Limits of the account, whatever share of them is this replica's. */
  readonly limits: QuotaLimits;
  /** Milliseconds in which one unit of the account comes in. */
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

  /** @param own the part of the limits that is this replica's at first */
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

  /** Only this part of the limits is this replica's from now on. */
  setOwn(own: QuotaLimits): void {
    this.#all.setLimits(own);
    this.#background.setLimits(shareOf(own, BACKGROUND_SHARE));
    this.serve();
  }

  /**
   * Resolves when the units are the caller's, who says `ended` afterwards.
   * @param priority is asked again at each turn: it may rise while the call waits
   * @returns the priority with which the units were taken; null: not at all, the background is closed
   */
  take(units: number, priority: () => CallPriority): Promise<CallPriority | null> {
    return new Promise((resolve) => {
      this.#waiting.push({ units, priority, resolve });
      this.serve();
    });
  }

  /** A call that took its units with this priority has ended. @param unused units that it did not use */
  ended(priority: CallPriority, unused: number): void {
    this.#all.giveBack(unused);
    if (priority === 'background') {
      this.#background.giveBack(unused);
      this.#backgroundCalls--;
    }
    this.serve();
  }

  /** The engine stops: background calls that wait are not made any more. */
  closeBackground(): void {
    this.#isBackgroundClosed = true;
    this.serve();
  }

  /** Gives turns to those who wait, as far as there are units. Also called when the priority of one has risen. */
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

  /** Whose turn it is, with the units or without them yet. */
  #next(): Waiter | null {
    const ready = this.#waiting.filter((waiter) => this.#mayGo(waiter));
    // With nothing else to do, the background waits for its own bucket.
    const candidates = ready.length > 0 || this.#isFull() ? ready : this.#waiting;
    const [oldest] = candidates;
    if (!oldest || this.#turns % FAIR_TURN === FAIR_TURN - 1) return oldest ?? null;
    return candidates.reduce((best, one) => (RANK[one.priority()] < RANK[best.priority()] ? one : best));
  }

  /** Is not held back by the limits of the background. */
  #mayGo({ units, priority }: Waiter): boolean {
    return priority() !== 'background' || (!this.#isFull() && this.#background.waitMs(units) === 0);
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
