import type { Instant } from '../domain/instant.js';
import type { CancelTimer, Clock } from '../ports/clock.js';

interface Timer {
  readonly at: Instant;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets all continuations of settled promises run, for any length of their chain. */
export type Settle = () => Promise<void>;

/**
 * A clock that moves only on request. Timers fire in the order of their time, and those of the same time in the order of
 * their creation.
 */
export class VirtualClock implements Clock {
  #now: Instant;
  #order = 0;
  /** The next timer is last: it is removed from the end. */
  readonly #timers: Timer[] = [];

  constructor(now: Instant = Date.UTC(2026, 0, 15, 18)) {
    this.#now = now;
  }

  /** The current time. */
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

  /** Number of timers that have not fired. A test that ends with some has leaked them. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Returns when the next timer fires, or null if there is none. */
  nextTimerAt(): Instant | null {
    return this.#timers.at(-1)?.at ?? null;
  }

  /** Moves to the next timer and fires it. Returns false if there was none. */
  fireNext(): boolean {
    const next = this.#timers.pop();
    if (!next) return false;
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  /** Advances by `ms`. Fires each due timer and waits until its continuations have settled. */
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

  /** Returns the position of the timer, or the position to insert it. */
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

/** What the core can ask of its host. Browsers have no `setImmediate`. */
interface Host {
  readonly setImmediate?: (callback: () => void) => unknown;
}
const { setImmediate } = globalThis as Host;

/** Lets all continuations run, which precede the next turn of the event loop; without `setImmediate`, 200 in a row. */
export async function settleMicrotasks(): Promise<void> {
  if (setImmediate) return new Promise((resolve) => void setImmediate(resolve));
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}
