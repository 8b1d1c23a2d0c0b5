import type { CancelTimer, Clock } from '../../ports/clock.js';
import { dueAt, finished, newDebounce, started } from '../queue/debounce.js';

/**
 * Debounces the notifications of one calendar: the first is read at once, and those that come during a read or within its
 * debounce interval cause one later read. So a storm of notifications, such as the echoes of our own writes in a backfill,
 * costs a few reads.
 * ```
 * quiet ──notify──▶ reading ──▶ interval ──notify──▶ planned ──interval over──▶ reading
 *   ▲                             │
 *   └────────interval over────────┘
 * ```
 */
export class DebouncedRead {
  readonly #clock: Clock;
  readonly #read: () => Promise<number>;
  #state: 'quiet' | 'reading' | 'reading, then again' | 'planned' | 'stopped' = 'quiet';
  #debounce = newDebounce(0);
  #cancelTimer: CancelTimer | null = null;

  /** @param read reads the calendar, and returns the number of our events that have changed */
  constructor(clock: Clock, read: () => Promise<number>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Handles a notification. */
  notify(): void {
    if (this.#state === 'reading') this.#state = 'reading, then again';
    if (this.#state === 'quiet') this.#plan();
  }

  stop(): void {
    this.#state = 'stopped';
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #plan(): void {
    const now = this.#clock.now();
    const at = dueAt(this.#debounce, now);
    if (at <= now) return void this.#readNow();
    this.#state = 'planned';
    this.#cancelTimer = this.#clock.setTimer(at - now, () => void this.#readNow());
  }

  async #readNow(): Promise<void> {
    this.#state = 'reading';
    this.#cancelTimer = null;
    this.#debounce = started(this.#debounce, this.#clock.now());
    const changes = await this.#read();
    this.#debounce = finished(this.#debounce, changes > 0, this.#clock.now());
    const isNotified = this.#isNotified();
    if (this.#isStopped()) return;
    this.#state = 'quiet';
    if (isNotified) this.#plan();
  }

  #isNotified(): boolean {
    return this.#state === 'reading, then again';
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
