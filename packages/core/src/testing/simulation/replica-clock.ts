import type { Instant } from '../../domain/instant.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';

/**
 * The clock of one simulated process. The callbacks of a paused process wait, those of a dead one never run. Every answer of
 * a port comes through a timer of this clock, so a crash or a pause needs nothing else.
 */
export class ReplicaClock implements Clock {
  readonly #clock: Clock;
  #state: 'running' | 'paused' | 'dead' = 'running';
  #held: (() => void)[] = [];
  #skew = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get alive(): boolean {
    return this.#state !== 'dead';
  }

  now(): Instant {
    return this.#clock.now() + this.#skew;
  }

  /** Sets the error of the clock in milliseconds. */
  setSkew(ms: number): void {
    this.#skew = ms;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    let cancelled = false;
    const fire = (): void => {
      if (!cancelled && this.#state === 'running') callback();
      else if (this.#state === 'paused') this.#held.push(() => !cancelled && callback());
    };
    const cancel = this.#clock.setTimer(delayMs, fire);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  /** Resolves after `ms` of this process's time. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimer(ms, resolve));
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    for (const callback of held) callback();
  }

  kill(): void {
    this.#state = 'dead';
    this.#held = [];
  }
}
