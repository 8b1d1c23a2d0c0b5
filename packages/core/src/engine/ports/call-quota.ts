import { MINUTE, type Instant } from '../../domain/instant.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';

/** What an account may do (docs/google-calendar.md#quota, counted per minute). */
export interface QuotaLimits {
  /** Units in any one minute. */
  readonly perMinute: number;
  /** So many of them may be used at once, after a quiet time. Less than `perMinute`. */
  readonly burst: number;
}

interface Waiter {
  readonly units: number;
  readonly go: () => void;
}

/** Share of the quota that may be used at once, unless somebody says otherwise: at least the dearest call. */
const BURST_SHARE = 0.05;
const LEAST_BURST = 3;

/** More than any account can use: no limit at all. */
const UNLIMITED: QuotaLimits = { perMinute: 2e9, burst: 1e9 };

/** `perMinute` null: no limit. `burst` undefined: a twentieth of the quota, so that what is left of it for a steady flow is 95 %. */
export function quotaLimits(perMinute: number | null, burst: number | undefined): QuotaLimits {
  if (perMinute === null) return UNLIMITED;
  const wanted = burst ?? Math.max(LEAST_BURST, Math.round(perMinute * BURST_SHARE));
  return { perMinute, burst: Math.min(wanted, perMinute - 1) };
}

/**
 * A token bucket for the calls of one account, whatever they are about. It holds `burst` units and is filled with what
 * is then left of `perMinute`, evenly: no minute, wherever it begins, sees more than the quota, and one with enough to do
 * sees nearly all of it. Who finds it empty waits in line; first come, first served, so that nobody starves.
 */
export class CallQuota {
  /** Milliseconds in which one unit comes in. */
  readonly unitMs: number;
  readonly burst: number;
  readonly #clock: Clock;
  readonly #line: Waiter[] = [];
  #units: number;
  #filledAt: Instant;
  #cancelTimer: CancelTimer | null = null;

  constructor(clock: Clock, { perMinute, burst }: QuotaLimits) {
    this.#clock = clock;
    this.unitMs = MINUTE / (perMinute - burst);
    this.burst = burst;
    this.#units = burst;
    this.#filledAt = clock.now();
  }

  /** Resolves when so many units are the caller's. */
  async take(units: number): Promise<void> {
    this.#fill();
    if (this.#line.length === 0 && this.#has(units)) {
      this.#units -= units;
      return;
    }
    await new Promise<void>((go) => {
      this.#line.push({ units, go });
      this.#setTimer();
    });
  }

  /** They were not used after all. */
  giveBack(units: number): void {
    this.#units = Math.min(this.burst, this.#units + units);
    this.#serve();
  }

  #serve(): void {
    this.#fill();
    for (let next = this.#line[0]; next && this.#has(next.units); next = this.#line[0]) {
      this.#line.shift();
      this.#units -= next.units;
      next.go();
    }
    this.#setTimer();
  }

  /** A call that costs more than the bucket holds goes when it is full, and leaves a debt. */
  #has(units: number): boolean {
    // Sums of fractions fall short of a whole by a hair.
    return this.#units + 1e-6 >= Math.min(units, this.burst);
  }

  #fill(): void {
    const now = this.#clock.now();
    this.#units = Math.min(this.burst, this.#units + Math.max(0, now - this.#filledAt) / this.unitMs);
    this.#filledAt = now;
  }

  #setTimer(): void {
    const next = this.#line[0];
    if (!next || this.#cancelTimer) return;
    const missing = Math.min(next.units, this.burst) - this.#units;
    this.#cancelTimer = this.#clock.setTimer(Math.max(1, Math.ceil(missing * this.unitMs)), () => {
      this.#cancelTimer = null;
      this.#serve();
    });
  }
}
