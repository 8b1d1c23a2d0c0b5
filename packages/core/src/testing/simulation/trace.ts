import { HOUR, type Instant } from '../../domain/instant.js';

const MOST_LINES = 4000;

/** A log of events, line by line, with the time since the start. Free while it is disabled. */
export class Trace {
  readonly #lines: string[] | null;
  readonly #now: () => Instant;
  readonly #start: Instant;

  constructor(on: boolean, now: () => Instant) {
    this.#lines = on ? [] : null;
    this.#now = now;
    this.#start = now();
  }

  /** Returns the last lines. */
  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  say(words: () => string): void {
    if (!this.#lines) return;
    const hours = ((this.#now() - this.#start) / HOUR).toFixed(4);
    this.#lines.push(`${hours} h  ${words()}`);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }
}
