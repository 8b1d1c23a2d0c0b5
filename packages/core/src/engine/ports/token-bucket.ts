import { MINUTE, type Instant } from '../../domain/instant.js';
import type { Clock } from '../../ports/clock.js';

/** The limits (docs/google-calendar.md#quota, counted per minute). */
export interface QuotaLimits {
  /** Units per minute. */
  readonly perMinute: number;
  /** Units that may be used at once after an idle period. Less than `perMinute`. */
  readonly burst: number;
}

/**
 * A token bucket with `burst` units that is filled evenly with the rest of `perMinute`: no minute, wherever it starts, has
 * more than `perMinute` units, and a busy one has nearly all of them.
 */
export class TokenBucket {
  readonly #clock: Clock;
  #burst: number;
  #unitMs: number;
  #units: number;
  #filledAt: Instant;

  /** It is full at first. */
  constructor(clock: Clock, limits: QuotaLimits) {
    this.#clock = clock;
    this.#burst = limits.burst;
    this.#unitMs = unitMsOf(limits);
    this.#units = limits.burst;
    this.#filledAt = clock.now();
  }

  /** Changes the limits. The content stays, as far as it fits. */
  setLimits(limits: QuotaLimits): void {
    this.#fill();
    this.#burst = limits.burst;
    this.#unitMs = unitMsOf(limits);
    this.#units = Math.min(this.#units, limits.burst);
  }

  /**
   * Returns the milliseconds until the units are available; 0: now. A call above the capacity goes when the bucket is full,
   * and leaves a debt.
   */
  waitMs(units: number): number {
    this.#fill();
    const missing = Math.min(units, this.#burst) - this.#units;
    // Sums of fractions are slightly below the whole number.
    return missing <= 1e-6 ? 0 : Math.max(1, Math.ceil(missing * this.#unitMs));
  }

  take(units: number): void {
    this.#units -= units;
  }

  /** Returns unused units. */
  giveBack(units: number): void {
    this.#units = Math.min(this.#burst, this.#units + units);
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#units = Math.min(this.#burst, this.#units + Math.max(0, now - this.#filledAt) / this.#unitMs);
    this.#filledAt = now;
  }
}

/** Milliseconds per unit. */
export function unitMsOf({ perMinute, burst }: QuotaLimits): number {
  return MINUTE / (perMinute - burst);
}
