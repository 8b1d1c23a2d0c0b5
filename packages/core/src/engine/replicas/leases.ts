import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { isShared, type Lease } from '../../ports/sync-store.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** Share of a lease after which it is renewed: two renewals may fail before it expires. */
const RENEW_SHARE = 1 / 3;
/** Maximum difference of the clocks of two replicas. */
const CLOCKS_DIFFER_MS: number = 10 * MINUTE;

/** Was the lease taken while the clock of its holder was ahead? It ends later than any lease of that length can. */
export function isFromFuture({ until }: Lease, longestMs: number, now: Instant): boolean {
  return until > now + longestMs + CLOCKS_DIFFER_MS;
}

/**
 * A named lease that is renewed until `leave`, so that its work may take longer than the lease. If the holder dies or
 * stalls, the lease is free within its duration, also if its clock was ahead. A store with a single process needs no lease.
 * ```
 * free ──take──▶ held ──leave──▶ free, at once or from a given time
 *                 └──a renewal finds another holder──▶ lost (treated as free)
 * ```
 */
export class NamedLease {
  readonly name: string;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>;
  readonly #longestMs: number;
  #isHeld = false;
  #cancelTimer: CancelTimer | null = null;
  #renewing: Promise<void> | null = null;

  /** @param longestMs maximum time for which the lease is held, or reserved by `leave` */
  constructor(
    name: string,
    parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>,
    longestMs: number = parts.leaseMs,
  ) {
    this.name = name;
    this.#parts = parts;
    this.#longestMs = longestMs;
  }

  /** @returns true if this replica holds the lease, which is renewed until `leave`; false if another one does */
  async take(): Promise<Result<boolean, SyncError>> {
    const { store, clock, leaseMs } = this.#parts;
    if (!isShared(store)) return Ok(true);
    const free = await this.#acquire(clock.now() + leaseMs);
    const taken = free.ok && !free.val ? await this.#takeFromFuture() : free;
    this.#isHeld = taken.ok && taken.val;
    if (this.#isHeld) this.#renewLater();
    return taken;
  }

  /** Releases the lease for other replicas, at once (null) or from `until`. */
  async leave(until: Instant | null): Promise<void> {
    const { store, owner } = this.#parts;
    if (!isShared(store)) return;
    this.#isHeld = false;
    this.#cancelTimer?.();
    // A renewal that ends later would take the lease again.
    await this.#renewing;
    if (until === null) await store.releaseLease(this.name, owner);
    else await this.#acquire(until);
  }

  /** Takes the lease from a dead process whose clock was ahead. */
  async #takeFromFuture(): Promise<Result<boolean, SyncError>> {
    const { store, clock, leaseMs } = this.#parts;
    const held = await store.getLease(this.name);
    if (held.err) return held;
    if (!held.val || !isFromFuture(held.val, this.#longestMs, clock.now())) return Ok(false);
    const released = await store.releaseLease(this.name, held.val.owner);
    return released.err ? released : this.#acquire(clock.now() + leaseMs);
  }

  #acquire(until: Instant): Promise<Result<boolean, SyncError>> {
    const { store, clock, owner } = this.#parts;
    return store.acquireLease({ name: this.name, owner, until }, clock.now());
  }

  #renewLater(): void {
    const { clock, leaseMs } = this.#parts;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.setTimer(leaseMs * RENEW_SHARE, () => {
      this.#renewing = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    const { clock, leaseMs } = this.#parts;
    const renewed = await this.#acquire(clock.now() + leaseMs);
    const lost = renewed.ok && !renewed.val;
    if (this.#isHeld && !lost) this.#renewLater();
  }
}

export interface JobRotationOptions {
  /** Name of the job. */
  readonly job: string;
  readonly everyMs: number;
  /**
   * true: the replica that ran the job last runs it again, because the job keeps state between its runs. false: any replica
   * runs it, so that many jobs are distributed over all replicas.
   */
  readonly sticky: boolean;
}

/** Maximum jitter before a replica tries to take the lease, as a share of it, so that the fastest replica does not always win. */
const JITTER_SHARE = 0.1;
/** Share of a lease for which a sticky job is reserved for the last replica. */
const HEAD_START_SHARE = 0.5;
/** Wait after another replica won the lease. */
const LOST_RACE_MS: number = SECOND / 4;

/**
 * Elects the replica that runs a periodic job next (leader election). The job's lease is held while the job runs, and
 * expires when the job is due again. Then the other replicas try to take it. If a replica dies between two runs, the job is
 * delayed only by the head start of that replica. If it dies during a run, it is replaced within a lease. An idle job costs
 * each other replica one read per interval.
 */
export class JobRotation {
  readonly #lease: NamedLease;
  readonly #longestMs: number;
  readonly #options: JobRotationOptions;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>;

  constructor(
    options: JobRotationOptions,
    parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>,
  ) {
    this.#options = options;
    this.#parts = parts;
    // The interval is part of the name: a shorter interval must not wait for the lease of a longer one.
    this.#longestMs = options.everyMs + parts.leaseMs;
    this.#lease = new NamedLease(`timer:${options.job}:${options.everyMs}`, parts, this.#longestMs);
  }

  /** @returns null if this replica is elected, until `pass`; else when to ask again */
  async take(): Promise<Result<Instant | null, SyncError>> {
    const { store, clock, owner } = this.#parts;
    if (!isShared(store)) return Ok(null);
    const held = await store.getLease(this.#lease.name);
    if (held.err) return held;
    const now = clock.now();
    const isOther = held.val && held.val.owner !== owner && held.val.until > now;
    if (isOther && !isFromFuture(held.val, this.#longestMs, now)) return Ok(this.#after(held.val.until));
    const taken = await this.#lease.take();
    if (taken.err) return taken;
    return Ok(taken.val ? null : this.#after(clock.now() + LOST_RACE_MS));
  }

  /** Ends a run of the job, which is due again at `dueAt`. Returns when to ask for the next run. */
  async pass(dueAt: Instant): Promise<Instant> {
    const { store, leaseMs } = this.#parts;
    if (!isShared(store)) return dueAt;
    await this.#lease.leave(this.#options.sticky ? dueAt + leaseMs * HEAD_START_SHARE : dueAt);
    return this.#options.sticky ? dueAt : this.#after(dueAt);
  }

  /** Removes this replica from the rotation. */
  async resign(): Promise<void> {
    await this.#lease.leave(null);
  }

  #after(at: Instant): Instant {
    const { random, leaseMs } = this.#parts;
    return at + random() * JITTER_SHARE * Math.min(this.#options.everyMs, leaseMs);
  }
}
