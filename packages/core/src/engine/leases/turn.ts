import { SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { KeptLease } from './kept-lease.js';

export interface TurnOptions {
  /** Name of the job. */
  readonly job: string;
  readonly everyMs: number;
  /**
   * true: whoever did the job last does it again, and the others only when it does not; for a job that remembers
   * something from one time to the next. false: whoever comes first, so that many jobs are spread over all replicas.
   */
  readonly sticky: boolean;
}

/** How much later than it could a replica comes, at most: else the quickest of them would have every turn. */
const JITTER_SHARE = 0.1;
/** How long, in shares of a lease, the others leave a sticky job to whoever did it last. */
const HEAD_START_SHARE = 0.5;
/** After a race for the turn that was lost. */
const LOST_RACE_MS: number = SECOND / 4;

/**
 * Whose turn it is to do a job that comes round again and again, among the replicas on one store. The lease of the job
 * is kept while the job is done, and then left to run out when the job is due again, which is when the others look. So
 * a replica that dies or stalls between two times costs no delay but its head start, and one that does so in the
 * middle of the job is replaced within a lease time; and an idle job costs each of the others one read each time round.
 */
export class Turn {
  readonly #lease: KeptLease;
  readonly #options: TurnOptions;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>;

  constructor(options: TurnOptions, parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'random'>) {
    this.#options = options;
    this.#parts = parts;
    // With another pace it is another lease: a shorter one must not wait for the end of the longer one.
    this.#lease = new KeptLease(`timer:${options.job}:${options.everyMs}`, parts);
  }

  /** null: it is our turn until we `pass` it on. Else it is another's: when to ask again. */
  async take(): Promise<Result<Instant | null, SyncError>> {
    const { store, clock, owner } = this.#parts;
    if (!store.shared) return Ok(null);
    const held = await store.getLease(this.#lease.name);
    if (held.err) return held;
    if (held.val && held.val.owner !== owner && held.val.until > clock.now()) return Ok(this.#after(held.val.until));
    const taken = await this.#lease.take();
    if (taken.err) return taken;
    return Ok(taken.val ? null : this.#after(clock.now() + LOST_RACE_MS));
  }

  /** The job is done, and due again at `dueAt`. Answers when to ask for the next turn. */
  async pass(dueAt: Instant): Promise<Instant> {
    const { store, leaseMs } = this.#parts;
    if (!store.shared) return dueAt;
    await this.#lease.leave(this.#options.sticky ? dueAt + leaseMs * HEAD_START_SHARE : dueAt);
    return this.#options.sticky ? dueAt : this.#after(dueAt);
  }

  /** We shall not come again. */
  async giveUp(): Promise<void> {
    await this.#lease.leave(null);
  }

  #after(at: Instant): Instant {
    const { random, leaseMs } = this.#parts;
    return at + random() * JITTER_SHARE * Math.min(this.#options.everyMs, leaseMs);
  }
}
