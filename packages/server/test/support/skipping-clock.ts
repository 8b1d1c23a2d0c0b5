import type { Clock, Instant } from '@loft/sync-core';
import type { CancelTimer } from '@loft/sync-core/adapters';

/** The longest delay Node's timers take. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

interface Timer {
  readonly at: Instant;
  readonly callback: () => void;
}

/**
 * The system's clock, which a test may put forward to the next timer: a wait of the service then takes no time. Deadlines
 * of calls do not use this clock, so a skip never ends a call that is in progress.
 */
export class SkippingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #skippedMs = 0;
  #armed: NodeJS.Timeout | undefined;

  now(): Instant {
    return Date.now() + this.#skippedMs;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = { at: this.now() + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    this.#arm();
    return () => {
      this.#timers.delete(timer);
      this.#arm();
    };
  }

  /** Puts the clock forward to the next timer and fires it, if it is due within `withinMs`. */
  skip(withinMs: number): void {
    const next = this.#next();
    if (next === null || next.at - this.now() > withinMs) return;
    this.#skippedMs += Math.max(0, next.at - this.now());
    this.#fire();
  }

  #next(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) if (next === null || timer.at < next.at) next = timer;
    return next;
  }

  #arm(): void {
    clearTimeout(this.#armed);
    const next = this.#next();
    if (next === null) return;
    const delayMs = Math.min(Math.max(0, next.at - this.now()), LONGEST_DELAY_MS);
    this.#armed = setTimeout(() => this.#fire(), delayMs);
  }

  #fire(): void {
    const now = this.now();
    const due = [...this.#timers].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
    for (const timer of due) {
      // A callback may have cancelled a later one.
      if (this.#timers.delete(timer)) timer.callback();
    }
    this.#arm();
  }
}
