import { isShared } from '../../ports/sync-store.js';
import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { NamedLease } from './named-lease.js';

export interface JobRotationOptions {
  /** Name of the job. */
  readonly job: string;
  readonly everyMs: number;
  /**
   * true: the replica that ran the job last runs it again, for a job that remembers something from run to run. false: any
   * replica runs it, so that many jobs are spread over all replicas.
   */
  readonly sticky: boolean;
}

/** Maximum jitter before a replica tries to take the lease, as a share of it: else the fastest replica always wins. */
const JITTER_SHARE = 0.1;
/** Share of a lease for which a sticky job is left to the replica that did it last. */
const HEAD_START_SHARE = 0.5;
/** After the loss of a race for the lease. */
const LOST_RACE_MS: number = SECOND / 4;

/**
 * Elects the replica that runs a periodic job next. The job's lease is kept while the job runs, and then runs out when the
 * job is due again, which is when the other replicas try to take it. A replica that dies between two runs costs no delay
 * but its head start; one that dies during a run is replaced within a lease. An idle job costs each other replica one read
 * per interval.
 */
export class JobRotation {
  readonly #lease: NamedLease;
  readonly #options: JobRotationOptions;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>;

  constructor(
    options: JobRotationOptions,
    parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>,
  ) {
    this.#options = options;
    this.#parts = parts;
    // The interval is part of the name: a shorter interval must not wait for the lease of a longer one.
    this.#lease = new NamedLease(`timer:${options.job}:${options.everyMs}`, parts);
  }

  /** @returns null if it is this replica's turn, until `pass`; else when to ask again */
  async take(): Promise<Result<Instant | null, SyncError>> {
    const { store, clock, owner } = this.#parts;
    if (!isShared(store)) return Ok(null);
    const held = await store.getLease(this.#lease.name);
    if (held.err) return held;
    if (held.val && held.val.owner !== owner && held.val.until > clock.now()) return Ok(this.#after(held.val.until));
    const taken = await this.#lease.take();
    if (taken.err) return taken;
    return Ok(taken.val ? null : this.#after(clock.now() + LOST_RACE_MS));
  }

  /** The job is done, and due again at `dueAt`. @returns when to ask for the next turn */
  async pass(dueAt: Instant): Promise<Instant> {
    const { store, leaseMs } = this.#parts;
    if (!isShared(store)) return dueAt;
    await this.#lease.leave(this.#options.sticky ? dueAt + leaseMs * HEAD_START_SHARE : dueAt);
    return this.#options.sticky ? dueAt : this.#after(dueAt);
  }

  /** This replica leaves the rotation. */
  async resign(): Promise<void> {
    await this.#lease.leave(null);
  }

  #after(at: Instant): Instant {
    const { random, leaseMs } = this.#parts;
    return at + random() * JITTER_SHARE * Math.min(this.#options.everyMs, leaseMs);
  }
}
