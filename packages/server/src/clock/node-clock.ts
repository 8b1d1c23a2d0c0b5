import type { CancelTimer, Clock, Instant } from '@loft/sync-core';

/** The longest delay Node's timers take; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The system's time and timers. */
export class NodeClock implements Clock {
  now(): Instant {
    return Date.now();
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, LONGEST_DELAY_MS);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : callback()), stepMs);
    };
    wait(Math.max(0, delayMs));
    return () => clearTimeout(timer);
  }
}
