import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** A lease is renewed when this share of it is over: two renewals may fail before it runs out. */
const RENEW_SHARE = 1 / 3;

/**
 * A named lease that is renewed for as long as it is kept: what it guards may last longer than the lease, and is free
 * within a lease time when its holder dies or stalls. A store that no other process has open needs none.
 *
 * ```
 * free ──take──▶ kept ──leave──▶ free, or free from some time on
 *                 └──a renewal finds that another has it──▶ lost (as good as free)
 * ```
 */
export class KeptLease {
  readonly name: string;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>;
  #kept = false;
  #cancelTimer: CancelTimer | null = null;
  #renewing: Promise<void> | null = null;

  constructor(name: string, parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>) {
    this.name = name;
    this.#parts = parts;
  }

  /** true: it is ours, and renewed until `leave`. false: another has it. */
  async take(): Promise<Result<boolean, SyncError>> {
    const { store, clock, leaseMs } = this.#parts;
    if (!store.shared) return Ok(true);
    const taken = await this.#acquire(clock.now() + leaseMs);
    this.#kept = taken.ok && taken.val;
    if (this.#kept) this.#renewLater();
    return taken;
  }

  /** Others can have it at once, or from `until` on; until then it is still ours to take. */
  async leave(until: Instant | null): Promise<void> {
    const { store, owner } = this.#parts;
    if (!store.shared) return;
    this.#kept = false;
    this.#cancelTimer?.();
    // A renewal that came last would take it anew.
    await this.#renewing;
    if (until === null) await store.releaseLease(this.name, owner);
    else await this.#acquire(until);
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
    if (this.#kept && !lost) this.#renewLater();
  }
}
