import { isShared } from '../../ports/sync-store.js';
import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { CancelTimer } from '../../ports/clock.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';

/** Share of a lease after which it is renewed: two renewals may fail before it runs out. */
const RENEW_SHARE = 1 / 3;

/**
 * A named lease that is renewed until it is left: the work that it guards may outlast it. When the holder dies or stalls,
 * it is free within a lease. A store that no other process can open needs none.
 *
 * ```
 * free ──take──▶ held ──leave──▶ free, or free from some time on
 *                 └──a renewal finds another holder──▶ lost (as good as free)
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

  /** Other replicas can take the lease at once (null), or from `until` on. */
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
