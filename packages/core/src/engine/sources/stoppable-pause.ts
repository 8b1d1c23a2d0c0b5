import type { Clock } from '../../ports/clock.js';

/** Pauses that all end at once at a stop. */
export class StoppablePause {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms`, or at the stop. */
  wait(ms: number): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#waiting.delete(end);
        resolve();
      };
      const cancel = this.#clock.setTimer(ms, end);
      this.#waiting.add(end);
    });
  }

  stop(): void {
    this.#isStopped = true;
    for (const end of this.#waiting) end();
  }
}
