import { isShared } from '../../ports/sync-store.js';
import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { isFromFuture, NamedLease } from './named-lease.js';

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
