import type { Instant } from '../domain/instant.js';
import type { SyncError } from '../domain/sync-error.js';
import type { Clock } from '../ports/clock.js';
import { remedyOf } from '../rules/retry-policy.js';
import type { RetrySettings } from '../rules/settings.js';
import type { OpenCircuit } from './sync-engine.js';

interface Circuit extends OpenCircuit {
  readonly failures: number;
}

/** So many passing faults of a system in a row, without a success between them, are an outage. */
const OUTAGE_FAILURES = 5;

/**
 * One circuit for each calendar and for each system as a whole. What refuses a whole calendar (not shared, out of
 * quota) or a whole system (not logged in, too many calls, an outage) opens its circuit: until the probe time calls
 * are answered with that same error, unsent, so that the rest is not delayed and nothing is tried a hundred times.
 *
 * ```
 * closed ──lasting refusal, or an outage──▶ open ──probe time──▶ one call goes through ──ok──▶ closed
 *                                            ▲                             │
 *                                            └──── failed again, twice the wait ────┘
 * ```
 */
export class Circuits {
  readonly #open = new Map<string, Circuit>();
  readonly #faults = new Map<string, number>();
  readonly #clock: Clock;
  readonly #retry: RetrySettings;

  constructor(clock: Clock, retry: RetrySettings) {
    this.#clock = clock;
    this.#retry = retry;
  }

  /** The error to answer with, or null when a call on these may be sent. Lets one call through at the probe time. */
  check(keys: readonly string[]): SyncError | null {
    const now = this.#clock.now();
    const open = keys.flatMap((key) => this.#open.get(key) ?? []);
    const shut = open.find((circuit) => now < circuit.probeAt);
    if (shut) return { ...shut.error, unsent: true, retryAfterMs: shut.probeAt - now };
    for (const circuit of open) {
      // Taken for failed until it answers: one that says nothing either way must not be repeated at the same pace.
      const failures = circuit.failures + 1;
      this.#open.set(circuit.key, { ...circuit, failures, probeAt: this.#probeAt(failures, null, now) });
    }
    return null;
  }

  /** When the first of these lets a call through again; null: nothing holds one back. */
  shutUntil(keys: readonly string[]): Instant | null {
    const times = keys.flatMap((key) => this.#open.get(key)?.probeAt ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  /**
   * Learns from a call that was sent. `system` is charged with what concerns all of it, `part` (a calendar; else the
   * system again) with what concerns that alone.
   */
  learn(system: string, part: string, error: SyncError | null): void {
    if (error === null) {
      for (const key of [system, part]) this.#open.delete(key);
      this.#faults.delete(system);
      return;
    }
    if (error.kind === 'transient') {
      const faults = (this.#faults.get(system) ?? 0) + 1;
      this.#faults.set(system, faults);
      if (faults >= OUTAGE_FAILURES) this.#trip(system, error);
      return;
    }
    if (remedyOf(error) === 'wait') this.#trip(error.kind === 'unauthorized' ? system : part, error);
    else if (error.kind === 'rate-limited') this.#trip(system, error);
    else this.#faults.delete(system); // it answers, and knows what it says
  }

  list(): readonly OpenCircuit[] {
    return [...this.#open.values()].map(({ key, error, since, probeAt }) => ({ key, error, since, probeAt }));
  }

  #trip(key: string, error: SyncError): void {
    const now = this.#clock.now();
    const circuit = this.#open.get(key);
    // Calls that were under way when it opened say nothing new.
    const failures = circuit && now < circuit.probeAt ? circuit.failures : (circuit?.failures ?? 0) + 1;
    const probeAt = Math.max(circuit?.probeAt ?? 0, this.#probeAt(failures, error, now));
    this.#open.set(key, { key, error, failures, since: circuit?.since ?? now, probeAt });
  }

  #probeAt(failures: number, error: SyncError | null, now: Instant): Instant {
    const delay = Math.min(this.#retry.maxMs, this.#retry.baseMs * 2 ** Math.min(failures, 30));
    return now + Math.max(delay, error?.retryAfterMs ?? 0);
  }
}
