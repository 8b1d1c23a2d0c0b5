import type { CancelTimer, Clock } from '../ports/clock.js';

// Every runtime has these two functions. The core is compiled without the types of a runtime, so they are declared here.
declare function setTimeout(callback: () => void, delayMs: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Maximum delay of a timer, in milliseconds. A longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Returns the clock and the timers of the runtime. Delays may have any length.
 *
 * @example
 * const engine = createSyncEngine({ bookings, calendars, store, settings, clock: systemClock() });
 */
export function systemClock(): Clock {
  return { now: () => Date.now(), setTimer };
}

function setTimer(delayMs: number, callback: () => void): CancelTimer {
  let timer: unknown;
  const wait = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, LONGEST_DELAY_MS);
    timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : callback()), stepMs);
  };
  wait(Math.max(0, delayMs));
  return () => clearTimeout(timer);
}
