import { SECOND, type Instant } from '../../domain/instant.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';

/** After a read for a notification the next one waits so long, if it found something … */
const SHORTEST_GAP_MS: number = SECOND / 2;
/** … and twice as long each time if there was nothing but what we knew, up to this. */
const LONGEST_GAP_MS: number = 3 * SECOND;

/**
 * Turns the notifications of one calendar into reads. The first one after a quiet time is answered at once; those that
 * come while a read is under way, or too soon after one, become a single read later on. A storm of them, and above all
 * the echoes of our own writes during a backfill, thus cost a few reads: the gap grows for as long as reads tell nothing
 * new.
 *
 * ```
 * quiet ──nudge──▶ reading ──▶ resting ──nudge──▶ planned ──gap over──▶ reading
 *   ▲                             │
 *   └────────gap over─────────────┘
 * ```
 */
export class Nudges {
  readonly #clock: Clock;
  readonly #read: () => Promise<number>;
  #reading = false;
  #nudgedMeanwhile = false;
  #gapMs = 0;
  #restsUntil: Instant = 0;
  #cancelTimer: CancelTimer | null = null;
  #stopped = false;

  /** @param read reads the calendar and answers how many of our events have news */
  constructor(clock: Clock, read: () => Promise<number>) {
    this.#clock = clock;
    this.#read = read;
  }

  nudge(): void {
    if (this.#stopped || this.#cancelTimer) return;
    if (this.#reading) {
      this.#nudgedMeanwhile = true;
      return;
    }
    const now = this.#clock.now();
    if (now < this.#restsUntil) return this.#plan(this.#restsUntil - now);
    // As long again as the last gap without a word: the storm is over.
    if (now >= this.#restsUntil + this.#gapMs) this.#gapMs = 0;
    void this.#readNow();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #plan(delayMs: number): void {
    this.#cancelTimer = this.#clock.setTimer(delayMs, () => {
      this.#cancelTimer = null;
      void this.#readNow();
    });
  }

  async #readNow(): Promise<void> {
    this.#reading = true;
    this.#nudgedMeanwhile = false;
    const news = await this.#read();
    this.#reading = false;
    const gap = news > 0 ? SHORTEST_GAP_MS : 2 * this.#gapMs;
    this.#gapMs = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, gap));
    this.#restsUntil = this.#clock.now() + this.#gapMs;
    if (this.#nudgedMeanwhile && !this.#stopped) this.#plan(this.#gapMs);
  }
}
