import type { Instant } from '../../domain/instant.js';
import type { SyncError, SyncErrorKind } from '../../domain/sync-error.js';
import type { Clock } from '../../ports/clock.js';
import { remedyOf, retryAfterMs } from '../../rules/retry-policy.js';
import type { RetrySettings } from '../../rules/settings.js';
import type { OpenCircuit } from '../sync-engine.js';

interface Circuit extends OpenCircuit {
  readonly failures: number;
  /** When we were last refused: the answer to a call that was sent before says nothing of now. */
  readonly trippedAt: Instant;
  /** What the probe is about that was announced and is still to come; null: none is. */
  readonly announced: string | null;
}

/** Refusals that only somebody who lets us in can give. "Not found" is not one: that is what a stranger is told. */
const KNOWING_ANSWERS: ReadonlySet<SyncErrorKind> = new Set([
  'conflict',
  'gone',
  'refused',
  'invalid',
  'token-expired',
]);

/** So many different things of a system that fail one after another, without a success between them, are an outage. */
const OUTAGE_FAILURES = 5;
/** So many things known to fail by themselves are kept in mind. */
const MAX_POISONED = 1000;
/** After the id of a calendar: the circuit of writes to it, which may be refused where reading is not. */
const WRITING = '#writing';

/** What circuits have to know of a call. */
export interface CircuitCall {
  readonly system: string;
  /** The calendar it is about; null: none. */
  readonly calendarId: string | null;
  /** It changes something there. */
  readonly writes: boolean;
  /** It is about a watch channel, which we can do without: its refusal says nothing about the calendar. */
  readonly watches?: boolean;
  /** What it is about: an event, an appointment. */
  readonly target: string;
}

function keysOf({ system, calendarId, writes }: CircuitCall): readonly string[] {
  if (calendarId === null) return [system];
  return writes ? [system, calendarId, calendarId + WRITING] : [system, calendarId];
}

/** What it is that refuses the call, as the key of a circuit; null: only what was asked for. */
function refusedBy({ system, calendarId, writes, watches }: CircuitCall, error: SyncError): string | null {
  if (error.kind === 'unauthorized') return system;
  if (remedyOf(error) !== 'wait') return error.kind === 'rate-limited' ? system : null;
  if (watches) return null;
  if (calendarId === null) return system;
  return writes ? calendarId + WRITING : calendarId;
}

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
  /** Things of a system that failed since its last success. */
  readonly #faults = new Map<string, Set<string>>();
  /** Things that failed while the rest of their system worked: one that always fails is no outage. */
  readonly #poisoned = new Set<string>();
  readonly #successes = new Map<string, number>();
  readonly #clock: Clock;
  readonly #retry: RetrySettings;
  /** Told whenever one closes. */
  onClosed: (() => void) | undefined;

  constructor(clock: Clock, retry: RetrySettings) {
    this.#clock = clock;
    this.#retry = retry;
  }

  /** How many calls of a system have succeeded so far: whether it has worked since some time. */
  successes(system: string): number {
    return this.#successes.get(system) ?? 0;
  }

  /** The error to answer with, or null when the call may be sent. Lets one call through at the probe time. */
  check(call: CircuitCall): SyncError | null {
    const now = this.#clock.now();
    const open = keysOf(call).flatMap((key) => this.#open.get(key) ?? []);
    const isProbe = ({ announced }: Circuit): boolean => announced === call.target;
    const shut = open.find((circuit) => now < circuit.probeAt && !isProbe(circuit));
    if (shut) return { ...shut.error, unsent: true, retryAfterMs: shut.probeAt - now };
    for (const circuit of open) {
      // Taken for failed until it answers: one that says nothing either way must not be repeated at the same pace.
      const failures = circuit.failures + 1;
      const counted = { failures, probeAt: this.#probeAt(failures, null, now) };
      this.#open.set(circuit.key, { ...circuit, ...(isProbe(circuit) ? {} : counted), announced: null });
    }
    return null;
  }

  /**
   * As `check`, for a call that something else has to be found out for first: it will be let through. So nobody makes
   * calls only to learn in the end that the one they were for is not sent.
   */
  announce(call: CircuitCall): SyncError | null {
    const refusal = this.check(call);
    if (refusal) return refusal;
    for (const key of keysOf(call)) {
      const circuit = this.#open.get(key);
      if (circuit) this.#open.set(key, { ...circuit, announced: call.target });
    }
    return null;
  }

  /** When the first of these lets a call through again; null: nothing holds one back. */
  shutUntil(keys: readonly string[]): Instant | null {
    const times = keys.flatMap((key) => this.#open.get(key)?.probeAt ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  /** Learns from a call that was sent, and when. */
  learn(call: CircuitCall, error: SyncError | null, sentAt: Instant): void {
    const { system, target } = call;
    if (error?.kind === 'transient') return this.#fails(system, target, error);
    const refused = error && refusedBy(call, error);
    if (error && refused !== null) this.#trip(refused, error);
    if (refused === system) return;
    this.#works(system, target);
    // Whatever it answers, the system does. A calendar has to show that it lets us in.
    const open = error === null || KNOWING_ANSWERS.has(error.kind) ? keysOf(call) : [system];
    this.#close(open, sentAt);
  }

  list(): readonly OpenCircuit[] {
    return [...this.#open.values()].map(({ key, error, since, probeAt }) => {
      return { key: key.replace(WRITING, ''), error, since, probeAt };
    });
  }

  #fails(system: string, target: string, error: SyncError): void {
    if (this.#poisoned.has(target)) return;
    const faults = this.#faults.get(system) ?? new Set();
    this.#faults.set(system, faults.add(target));
    if (faults.size >= OUTAGE_FAILURES) this.#trip(system, error);
  }

  /** It answers. What failed just before does so by itself. */
  #works(system: string, target: string): void {
    this.#successes.set(system, this.successes(system) + 1);
    const faults = this.#faults.get(system);
    this.#faults.delete(system);
    if (faults) for (const failed of faults) this.#poisoned.add(failed);
    this.#poisoned.delete(target);
    if (this.#poisoned.size > MAX_POISONED) this.#poisoned.clear();
  }

  #close(keys: readonly string[], sentAt: Instant): void {
    const closed = keys.filter((key) => sentAt > (this.#open.get(key)?.trippedAt ?? Infinity));
    for (const key of closed) this.#open.delete(key);
    if (closed.length > 0) this.onClosed?.();
  }

  #trip(key: string, error: SyncError): void {
    const now = this.#clock.now();
    const circuit = this.#open.get(key);
    // Calls that were under way when it opened say nothing new.
    const failures = circuit && now < circuit.probeAt ? circuit.failures : (circuit?.failures ?? 0) + 1;
    const probeAt = Math.max(circuit?.probeAt ?? 0, this.#probeAt(failures, error, now));
    const since = circuit?.since ?? now;
    this.#open.set(key, { key, error, failures, since, probeAt, trippedAt: now, announced: null });
  }

  #probeAt(failures: number, error: SyncError | null, now: Instant): Instant {
    const delay = Math.min(this.#retry.maxMs, this.#retry.baseMs * 2 ** Math.min(failures, 30));
    return now + Math.max(delay, retryAfterMs(error));
  }
}
