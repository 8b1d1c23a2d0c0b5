import { isShared } from '../../ports/sync-store.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** Share of a lease after which it is renewed: two renewals may fail before it expires. */
const RENEW_SHARE = 1 / 3;

/**
 * A named lease that is renewed until `leave`, so that its work may take longer than the lease. If the holder dies or
 * stalls, the lease is free within its duration. A store with a single process needs no lease.
 * ```
 * free ──take──▶ held ──leave──▶ free, at once or from a given time
 *                 └──a renewal finds another holder──▶ lost (treated as free)
 * ```
 */
export class NamedLease {
  readonly name: string;
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>;
  #isHeld = false;
  #cancelTimer: CancelTimer | null = null;
  #renewing: Promise<void> | null = null;

  constructor(name: string, parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>) {
    this.name = name;
    this.#parts = parts;
  }

  /** @returns true if this replica holds the lease, which is renewed until `leave`; false if another one does */
  async take(): Promise<Result<boolean, SyncError>> {
    const { store, clock, leaseMs } = this.#parts;
    if (!isShared(store)) return Ok(true);
    const taken = await this.#acquire(clock.now() + leaseMs);
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
