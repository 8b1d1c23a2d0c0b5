import type { Instant } from '../domain/instant.js';

/** Stops a timer; harmless when it has fired. */
export type CancelTimer = () => void;

/** Time. The engine knows no other, so that a test can run a month in a second. */
export interface Clock {
  /** The present. */
  now(): Instant;
  /** Calls back once, after at least `delayMs`. Callbacks never run inside this call. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}
