import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { Clock } from '../../ports/clock.js';
import type { FaultKind } from './simulation-options.js';
import type { SeededRandom } from './seeded-random.js';

/** What is done to one call. */
export interface CallFate {
  /** Milliseconds before it reaches the other side, and before its answer is back. */
  readonly there: number;
  readonly back: number;
  /** Answered with this, without reaching the other side. */
  readonly refusal: SyncError | null;
  /** It takes effect, and this is what comes back. */
  readonly lost: SyncError | null;
}

/** Probability of each fault of a single call. */
const CALL_FAULTS: Partial<Record<FaultKind, number>> = {
  'refused-call': 0.02,
  'lost-answer': 0.02,
  'slow-call': 0.02,
  'rate-limit': 0.005,
  'stale-read': 0.15,
};

/** Which faults there are, which last at the moment, and how many there were. */
export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #enabled: ReadonlySet<FaultKind>;
  /** Lasting faults, and until when they last. */
  readonly #until = new Map<FaultKind | `outage:${SyncSystem}`, Instant>();
  #quiet = false;

  constructor(clock: Clock, random: SeededRandom, enabled: readonly FaultKind[]) {
    this.#clock = clock;
    this.#random = random;
    this.#enabled = new Set(enabled);
  }

  /** No more faults, and those that last are over: the world comes to rest. */
  heal(): void {
    this.#quiet = true;
    this.#until.clear();
  }

  unleash(): void {
    this.#quiet = false;
  }

  enabled(kind: FaultKind): boolean {
    return !this.#quiet && this.#enabled.has(kind);
  }

  count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  /** Rolls the dice for one fault of a call. */
  strikes(kind: FaultKind): boolean {
    if (!this.enabled(kind) || !this.#random.chance(CALL_FAULTS[kind] ?? 0)) return false;
    this.count(kind);
    return true;
  }

  begin(kind: FaultKind, ms: number, system?: SyncSystem): void {
    this.count(kind);
    this.#until.set(system ? `outage:${system}` : kind, this.#clock.now() + ms);
  }

  lasts(kind: FaultKind | `outage:${SyncSystem}`): boolean {
    return (this.#until.get(kind) ?? 0) > this.#clock.now();
  }

  fateOf(system: SyncSystem, method: string): CallFate {
    const quick = (): number => this.#random.int(1, system === 'store' ? 3 : 60);
    const fail = (kind: SyncError['kind'], message: string, more: Partial<SyncError> = {}): SyncError => ({
      kind,
      system,
      method,
      message,
      ...more,
    });
    const fate = { there: quick(), back: quick(), refusal: null, lost: null };
    if (this.lasts(`outage:${system}`)) return { ...fate, refusal: fail('transient', 'outage') };
    if (system === 'store') return fate;
    if (this.strikes('refused-call')) return { ...fate, refusal: fail('transient', '503', { status: 503 }) };
    if (this.strikes('rate-limit'))
      return { ...fate, refusal: fail('rate-limited', '429', { retryAfterMs: this.#random.int(1, 5) * SECOND }) };
    if (this.strikes('lost-answer'))
      return { ...fate, back: this.#random.int(1, 15) * SECOND, lost: fail('transient', 'timeout') };
    if (this.strikes('slow-call'))
      return { ...fate, there: this.#random.int(1, 8) * SECOND, back: this.#random.int(1, 6) * SECOND };
    return fate;
  }

  /** How long a lasting fault lasts. */
  duration(): number {
    return this.#random.chance(0.2) ? this.#random.int(5, 20) * MINUTE : this.#random.int(1, 90) * SECOND;
  }
}
