import { MINUTE, type Instant } from '../../domain/instant.js';
import type { Clock } from '../../ports/clock.js';

/** What may be used (docs/google-calendar.md#quota, counted per minute). */
export interface QuotaLimits {
  /** Units in any one minute. */
  readonly perMinute: number;
  /** Units that may be used at once, after a quiet time. Less than `perMinute`. */
  readonly burst: number;
}

/**
 * Holds `burst` units and is filled evenly with the rest of `perMinute`: no minute, wherever it begins, sees more than
 * `perMinute`, and one with enough to do sees nearly all of it.
 */
export class TokenBucket {
  readonly #clock: Clock;
  #burst: number;
  #unitMs: number;
  #units: number;
  #filledAt: Instant;

  /** @param units what it holds at first; default: all it can */
  constructor(clock: Clock, limits: QuotaLimits, units: number = limits.burst) {
    this.#clock = clock;
    this.#burst = limits.burst;
    this.#unitMs = unitMsOf(limits);
    this.#units = Math.min(units, limits.burst);
    this.#filledAt = clock.now();
  }

  /** Other limits from now on. What it holds stays, as far as it fits. */
  setLimits(limits: QuotaLimits): void {
    this.#fill();
    this.#burst = limits.burst;
    this.#unitMs = unitMsOf(limits);
    this.#units = Math.min(this.#units, limits.burst);
  }

  /** Milliseconds until it has the units; 0: now. A call that costs more than it can hold goes when it is full, and leaves a debt. */
  waitMs(units: number): number {
    this.#fill();
    const missing = Math.min(units, this.#burst) - this.#units;
    // Sums of fractions fall short of a whole by a hair.
    return missing <= 1e-6 ? 0 : Math.max(1, Math.ceil(missing * this.#unitMs));
  }

  take(units: number): void {
    this.#units -= units;
  }

  /** The units were not used after all. */
  giveBack(units: number): void {
    this.#units = Math.min(this.#burst, this.#units + units);
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#units = Math.min(this.#burst, this.#units + Math.max(0, now - this.#filledAt) / this.#unitMs);
    this.#filledAt = now;
  }
}

/** Milliseconds in which one unit comes in. */
export function unitMsOf({ perMinute, burst }: QuotaLimits): number {
  return MINUTE / (perMinute - burst);
}
