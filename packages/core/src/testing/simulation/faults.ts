import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError, SyncSystem } from '../../domain/sync-error.js';
import type { Clock } from '../../ports/clock.js';
import type { FaultKind } from './simulation-options.js';
import type { SeededRandom } from './seeded-random.js';

/** The treatment of one call. */
export interface CallFate {
  /** Milliseconds of the request, and of the answer. */
  readonly there: number;
  readonly back: number;
  /** The call is answered with this error and is not sent. */
  readonly refusal: SyncError | null;
  /** The call takes effect, and this is its answer. */
  readonly lost: SyncError | null;
}

/** Probability of each fault of a single call. At most one occurs. */
const CALL_FAULTS = [
  ['refused-call', 0.02],
  ['lost-answer', 0.02],
  ['slow-call', 0.02],
  ['rate-limit', 0.005],
] as const;
/** Lists take long, so their content is often outdated on arrival. */
const LIST_FAULTS = [...CALL_FAULTS, ['slow-call', 0.12]] as const;
const STORE_FAULTS = [
  ['store-refused', 0.003],
  ['store-lost-answer', 0.003],
  ['store-slow', 0.003],
] as const;
/** Writes that a calendar may refuse permanently. */
const EVENT_WRITES: ReadonlySet<string> = new Set(['insertEvent', 'patchEvent', 'moveEvent']);
/** A fault of single records affects one record in this number. */
const ONE_IN = 3;
const STALE_READ = 0.15;
const WORLDS_WITH_STALE_READS = 0.5;

/** The possible faults, the current lasting ones, and their counts. */
export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #enabled: ReadonlySet<FaultKind>;
  /** In some worlds the booking system never serves an outdated answer. */
  readonly everStale: boolean;
  /** When the clock of a process was last set to another time. */
  clockSetAt: Instant = -Infinity;
  /** Lasting faults, with their end. */
  readonly #until = new Map<FaultKind | `outage:${SyncSystem}`, Instant>();
  #quiet = false;

  constructor(clock: Clock, random: SeededRandom, enabled: readonly FaultKind[]) {
    this.#clock = clock;
    this.#random = random;
    this.#enabled = new Set(enabled);
    this.everStale = random.chance(WORLDS_WITH_STALE_READS) && enabled.includes('stale-read');
  }

  /** No faults at all. */
  get none(): boolean {
    return this.#enabled.size === 0;
  }

  /** Ends all faults, so that the world can become quiescent. */
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
    if (kind === 'clock-jump') this.clockSetAt = this.#clock.now();
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  /** Is this reading outdated? */
  isStale(): boolean {
    const stale = this.#random.chance(STALE_READ) && this.everStale && this.enabled('stale-read');
    if (stale) this.count('stale-read');
    return stale;
  }

  /** Random numbers are drawn for disabled faults too, so that the rest of the run stays the same. */
  #callFault(chances: readonly (readonly [FaultKind, number])[]): FaultKind | null {
    let rest = this.#random.next();
    const struck = chances.find(([, chance]) => (rest -= chance) < 0)?.[0] ?? null;
    return struck !== null && this.enabled(struck) ? struck : null;
  }

  begin(kind: FaultKind, ms: number, system?: SyncSystem): void {
    this.count(kind);
    this.#until.set(system ? `outage:${system}` : kind, this.#clock.now() + ms);
  }

  lasts(kind: FaultKind | `outage:${SyncSystem}`): boolean {
    return (this.#until.get(kind) ?? 0) > this.#clock.now();
  }

  /** Is this record or event temporarily unreadable, for its system or for us? */
  strikes(kind: 'garbled-record' | 'refused-event' | 'forbidden-event' | 'conflict-event', id: string): boolean {
    return this.lasts(kind) && Number(/\d+$/.exec(id)?.[0] ?? 0) % ONE_IN === (this.#until.get(kind) ?? 0) % ONE_IN;
  }

  fateOf(system: SyncSystem, method: string, args: readonly unknown[] = []): CallFate {
    const quick = (): number => this.#random.int(1, system === 'store' ? 3 : 60);
    const fail = (kind: SyncError['kind'], message: string, more: Partial<SyncError> = {}): SyncError => ({
      kind,
      system,
      method,
      message,
      ...more,
    });
    const fate = { there: quick(), back: quick(), refusal: null, lost: null };
    const seconds = this.#random.int(1, 14);
    const struck = this.#callFault(faultsOf(system, method));
    if (this.lasts(`outage:${system}`)) return { ...fate, refusal: fail('transient', 'outage') };
    // The error of a single record may take the same time.
    const inItsTime = { ...fate, back: seconds > 7 ? seconds * SECOND : fate.back };
    if (method === 'getBooking' && this.strikes('garbled-record', String(args[0]))) {
      return { ...inItsTime, refusal: fail('invalid', 'the record makes no sense') };
    }
    if (EVENT_WRITES.has(method) && this.strikes('refused-event', String(args[1]))) {
      return { ...inItsTime, refusal: fail('invalid', '400', { status: 400 }) };
    }
    if (EVENT_WRITES.has(method) && this.strikes('forbidden-event', String(args[1]))) {
      return { ...inItsTime, refusal: fail('forbidden', '403', { status: 403, scope: 'event' }) };
    }
    if (EVENT_WRITES.has(method) && this.strikes('conflict-event', String(args[1]))) {
      return { ...inItsTime, refusal: fail('conflict', '409', { status: 409 }) };
    }
    if (struck !== null) this.count(struck);
    switch (struck) {
      case 'refused-call':
      case 'store-refused':
        return { ...fate, refusal: fail('transient', '503', { status: 503 }) };
      case 'rate-limit':
        return { ...fate, refusal: fail('rate-limited', '429', { retryAfterMs: Math.ceil(seconds / 3) * SECOND }) };
      case 'lost-answer':
      case 'store-lost-answer':
        return { ...fate, back: seconds * SECOND, lost: fail('transient', 'timeout') };
      case 'slow-call':
      case 'store-slow':
        // The request is slow, or the answer is slow and outdated.
        if (seconds > 7) return { ...fate, back: seconds * SECOND };
        return { ...fate, there: seconds * SECOND, back: (8 - seconds) * SECOND };
      default:
        return fate;
    }
  }
}

function faultsOf(system: SyncSystem, method: string): readonly (readonly [FaultKind, number])[] {
  if (system === 'store') return STORE_FAULTS;
  return method.startsWith('list') ? LIST_FAULTS : CALL_FAULTS;
}
