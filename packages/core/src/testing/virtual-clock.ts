import type { Instant } from '../domain/instant.js';
import type { CancelTimer, Clock } from '../ports/clock.js';

interface Timer {
  readonly at: Instant;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets everything that waits on an already settled promise run on, however long the chain. */
export type Settle = () => Promise<void>;

/**
 * A clock that stands still until it is told to move. Timers fire in the order of their time; those of the same
 * time in the order they were set.
 */
export class VirtualClock implements Clock {
  #now: Instant;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(now: Instant = Date.UTC(2026, 0, 15, 18)) {
    this.#now = now;
  }

  /** Where the clock stands. */
  now(): Instant {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers not fired yet: a test that ends with some has leaked them. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** When the next timer fires; null when there is none. */
  nextTimerAt(): Instant | null {
    return this.#next()?.at ?? null;
  }

  /** Moves to the next timer and fires it. false: there was none. */
  fireNext(): boolean {
    const next = this.#next();
    if (!next) return false;
    this.#timers.delete(next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  /** Moves on by `ms`, firing on the way all that falls due and letting each one's consequences settle. */
  async advance(ms: number, settle: Settle = settleMicrotasks): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) {
      this.fireNext();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/** Enough turns of the microtask queue for any chain of awaits between two timers of an in-memory system. */
export async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
