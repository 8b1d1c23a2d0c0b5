import type { Instant } from '../../domain/instant.js';
import { RETRY_AFTER_LIMIT_MS, type SyncError, type SyncErrorKind } from '../../domain/sync-error.js';
import type { Clock } from '../../ports/clock.js';
import { remedyOf, retryAfterMs } from '../../rules/retry-policy.js';
import type { RetrySettings } from '../../rules/settings.js';
import type { OpenCircuit } from '../sync-engine.js';
import { endsOutage } from './outages.js';
import { RefusedWrites, OwnLimits } from './refused-writes.js';

interface Circuit extends OpenCircuit {
  readonly failures: number;
  /** Time of the last refusal. The answer to a call that was sent earlier proves nothing. */
  readonly trippedAt: Instant;
  /** Target of the announced probe. Null if there is none. */
  readonly announced: string | null;
}

/** Errors that prove we have access. 404 does not: Google answers 404 for a calendar that is not shared. */
const PROOFS_OF_ACCESS: ReadonlySet<SyncErrorKind> = new Set([
  'conflict',
  'gone',
  'refused',
  'invalid',
  'token-expired',
]);

/** Number of targets that fail in a row, without a success between them, that make an outage. */
const OUTAGE_FAILURES = 5;
/** Number of failed lists of one calendar in a row, or of failed calls to a closed one, that open its circuit. */
const LIST_FAILURES = 3;
/** Maximum number of targets that are known to fail by themselves. */
const MAX_OWN_FAULTS = 1000;
/** Suffix of the circuit for writes to a calendar, which may be refused where reads are not. */
const WRITING = '#writing';

/** The subject of a call for the circuits. */
export interface CircuitCall {
  readonly system: string;
  /** The calendar of the call. Null if there is none. */
  readonly calendarId: string | null;
  /** The call changes an event. */
  readonly writes: boolean;
  /** The call belongs to a watch channel: a refusal says nothing about the calendar. */
  readonly watches?: boolean;
  /** The calendar belongs to no bay of the settings: its failures say nothing about the system. */
  readonly isClosed?: boolean;
  /** The target of the call: an event, an appointment, or a calendar that is listed. */
  readonly target: string;
}

function keysOf({ system, calendarId, writes }: CircuitCall): readonly string[] {
  if (calendarId === null) return [system];
  return writes ? [system, calendarId, calendarId + WRITING] : [system, calendarId];
}

/**
 * Circuit breakers: one for each calendar, one for writes to it, and one for each system. A refusal of a whole calendar (not
 * shared, cannot be listed) or of a whole system (not logged in, too many calls, an outage) opens its circuit. Until the
 * probe time, calls are answered with that error and are not sent.
 *
 * A fault of one event or one calendar does not open a wider circuit once other calls have succeeded
 * (docs/decision-table.md#guards).
 * ```
 * closed ──lasting refusal, or an outage──▶ open ──probe time──▶ one call is sent ──ok──▶ closed
 *                                            ▲                          │
 *                                            └── failed again, twice the wait ──┘
 * ```
 */
export class Circuits {
  readonly #open = new Map<string, Circuit>();
  /** By system: targets that failed since its last success. */
  readonly #faults = new Map<string, Set<string>>();
  /** Targets that failed while other calls succeeded; their failures do not count towards an outage. */
  readonly #ownFaults = new Set<string>();
  /** By calendar: number of consecutive failed lists. */
  readonly #listFailures = new Map<string, number>();
  readonly #refusedWrites = new RefusedWrites();
  readonly #ownLimits = new OwnLimits();
  readonly #successes = new Map<string, number>();
  readonly #clock: Clock;
  readonly #retry: RetrySettings;
  /** Called whenever a circuit closes, and when a refusal turns out to concern one event only. */
  onClosed: (() => void) | undefined;

  constructor(clock: Clock, retry: RetrySettings) {
    this.#clock = clock;
    this.#retry = retry;
  }

  successes(system: string): number {
    return this.#successes.get(system) ?? 0;
  }

  /**
   * Allows one call at the probe time.
   *
   * @returns the error to answer with; null if the call may be sent
   */
  check(call: CircuitCall): SyncError | null {
    if (this.#open.size === 0) return null;
    const now = this.#clock.now();
    for (const key of keysOf(call)) this.#correct(key, now);
    const open = keysOf(call).flatMap((key) => this.#open.get(key) ?? []);
    const isProbe = ({ announced }: Circuit): boolean => announced === call.target;
    const shut = open.find((circuit) => now < circuit.probeAt && !isProbe(circuit));
    if (shut) return { ...shut.error, unsent: true, retryAfterMs: shut.probeAt - now };
    for (const circuit of open) {
      // Counts as failed until its answer: an inconclusive probe must not be repeated at the same pace.
      const failures = circuit.failures + 1;
      const counted = { failures, probeAt: this.#probeAt(failures, null, now) };
      this.#open.set(circuit.key, { ...circuit, ...(isProbe(circuit) ? {} : counted), announced: null });
    }
    return null;
  }

  /**
   * Announces a call that needs other calls before it, and reserves its permission. So no preparing call is made for a call
   * that is not sent.
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

  /**
   * Returns when all these circuits allow a call again.
   *
   * @param keys systems or calendars
   * @returns null if no circuit is open
   */
  shutUntil(keys: readonly string[]): Instant | null {
    for (const key of keys) this.#correct(key, this.#clock.now());
    const times = keys.flatMap((key) => this.#open.get(key)?.probeAt ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  /**
   * Records the answer of a sent call.
   *
   * @returns the error for the caller: a refusal of a single event has `scope` set
   */
  learn(call: CircuitCall, answered: SyncError | null, sentAt: Instant): SyncError | null {
    const { system, target } = call;
    if (answered?.kind === 'transient') {
      this.#fails(call, answered);
      return answered;
    }
    // A limit of the channels delays only them. If the account is limited, other calls are, too.
    if (call.watches && answered?.kind === 'rate-limited') return answered;
    const error = answered && this.#refusedWrites.scoped(call, answered);
    const refused = error && this.#refusedBy(call, error);
    if (error && refused !== null) this.#trip(refused, error);
    if (refused === system) return error;
    this.#works(system, target);
    const hasAccess = error === null || PROOFS_OF_ACCESS.has(error.kind);
    if (hasAccess && call.calendarId !== null) this.#listFailures.delete(call.calendarId);
    if (error === null) this.#succeeds(call);
    const closes = (key: string): boolean =>
      hasAccess || key === system || endsOutage(error, this.#open.get(key)?.error);
    this.#close(keysOf(call).filter(closes), sentAt);
    return error;
  }

  /** A list says whether we may write: then a refused write belongs to its event, until a second one is refused. */
  noteWritable(calendarId: string, isWritable: boolean): void {
    this.#refusedWrites.writable(calendarId, isWritable);
  }

  list(): readonly OpenCircuit[] {
    return [...this.#open.values()].map(({ key, error, since, probeAt }) => {
      return { key: key.replace(WRITING, ''), error, since, probeAt };
    });
  }

  /** Returns the key of the circuit that a refusal opens. Null if only the call's own target is refused. */
  #refusedBy(call: CircuitCall, error: SyncError): string | null {
    const { system, calendarId, writes, watches } = call;
    if (error.kind === 'unauthorized') return system;
    if (remedyOf(error) !== 'wait') return error.kind === 'rate-limited' ? this.#ownLimits.limited(call) : null;
    if (watches) return null;
    if (calendarId === null) return system;
    return writes ? calendarId + WRITING : calendarId;
  }

  #fails({ system, calendarId, target, writes, watches, isClosed = false }: CircuitCall, error: SyncError): void {
    if (calendarId !== null && (isClosed || (target === calendarId && !writes && !watches))) {
      const failures = (this.#listFailures.get(calendarId) ?? 0) + 1;
      this.#listFailures.set(calendarId, failures);
      if (failures >= LIST_FAILURES) this.#trip(calendarId, error);
    }
    if (isClosed || this.#ownFaults.has(target)) return;
    const faults = this.#faults.get(system) ?? new Set();
    this.#faults.set(system, faults.add(target));
    if (faults.size >= OUTAGE_FAILURES) this.#trip(system, error);
  }

  /** The system answers, so the target that just failed has a fault of its own. */
  #works(system: string, target: string): void {
    this.#successes.set(system, this.successes(system) + 1);
    const faults = this.#faults.get(system);
    this.#faults.delete(system);
    if (faults) for (const failed of faults) this.#ownFaults.add(failed);
    this.#ownFaults.delete(target);
    if (this.#ownFaults.size > MAX_OWN_FAULTS) this.#ownFaults.clear();
  }

  #succeeds({ system, calendarId, target, writes }: CircuitCall): void {
    if (calendarId === null) return;
    this.#ownLimits.succeeded(system, calendarId);
    // The refusal of another event is its own: a write that was sent before that refusal proves it, too.
    if (writes && this.#refusedWrites.succeeded(calendarId, target)) this.#close([calendarId + WRITING], Infinity);
  }

  #close(keys: readonly string[], sentAt: Instant): void {
    if (this.#open.size === 0) return;
    const closed = keys.filter((key) => sentAt > (this.#open.get(key)?.trippedAt ?? Infinity));
    for (const key of closed) this.#open.delete(key);
    if (closed.length > 0) this.onClosed?.();
  }

  #trip(key: string, error: SyncError): void {
    const now = this.#clock.now();
    const circuit = this.#open.get(key);
    // Calls that were in progress when it opened prove nothing new.
    const failures = circuit && now < circuit.probeAt ? circuit.failures : (circuit?.failures ?? 0) + 1;
    const probeAt = Math.max(circuit?.probeAt ?? 0, this.#probeAt(failures, error, now));
    const since = circuit?.since ?? now;
    this.#open.set(key, { key, error, failures, since, probeAt, trippedAt: now, announced: null });
  }

  /** The clock was ahead when the circuit opened, or at its last probe, and is corrected: a call may probe it now. */
  #correct(key: string, now: Instant): void {
    const circuit = this.#open.get(key);
    const latest = now + Math.max(this.#retry.maxMs, RETRY_AFTER_LIMIT_MS);
    if (!circuit || (circuit.trippedAt <= now && circuit.probeAt <= latest)) return;
    const { since, trippedAt } = circuit;
    const corrected = { since: Math.min(since, now), trippedAt: Math.min(trippedAt, now - 1), probeAt: now };
    this.#open.set(key, { ...circuit, ...corrected });
  }

  #probeAt(failures: number, error: SyncError | null, now: Instant): Instant {
    const delay = Math.min(this.#retry.maxMs, this.#retry.baseMs * 2 ** Math.min(failures, 30));
    return now + Math.max(delay, retryAfterMs(error));
  }
}
