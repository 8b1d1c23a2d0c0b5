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
  /** The next one last: it is taken off the end. */
  readonly #timers: Timer[] = [];

  constructor(now: Instant = Date.UTC(2026, 0, 15, 18)) {
    this.#now = now;
  }

  /** Where the clock stands. */
  now(): Instant {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    return () => {
      const place = this.#placeOf(timer);
      if (this.#timers[place] === timer) this.#timers.splice(place, 1);
    };
  }

  /** Timers not fired yet: a test that ends with some has leaked them. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** When the next timer fires; null when there is none. */
  nextTimerAt(): Instant | null {
    return this.#timers.at(-1)?.at ?? null;
  }

  /** Moves to the next timer and fires it. false: there was none. */
  fireNext(): boolean {
    const next = this.#timers.pop();
    if (!next) return false;
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  /** Moves on by `ms`, firing on the way all that falls due and letting each one's consequences settle. */
  async advance(ms: number, settle: Settle = settleMicrotasks): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (let at = this.nextTimerAt(); at !== null && at <= until; at = this.nextTimerAt()) {
      this.fireNext();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  /** Where it is, or belongs: before all that fire earlier. */
  #placeOf({ at, order }: Timer): number {
    let from = 0;
    let to = this.#timers.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const timer = this.#timers[middle];
      if (timer && (timer.at > at || (timer.at === at && timer.order > order))) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Enough turns of the microtask queue for any chain of awaits between two timers of an in-memory system. */
export async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
