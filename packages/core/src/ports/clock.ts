import type { Instant } from '../domain/instant.js';

/** Stops a timer. Has no effect after it has fired. */
export type CancelTimer = () => void;

/** Source of time. The engine has no other, so a test can run a month in a second. */
export interface Clock {
  /** Returns the current time. */
  now(): Instant;
  /** Calls back once, after at least `delayMs`. Callbacks never run inside this call. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}
