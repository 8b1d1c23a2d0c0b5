import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { CancelTimer } from '../../ports/clock.js';
import type { Lease } from '../../ports/sync-store.js';
import type { EngineParts } from '../engine-parts.js';
import { shareOf, type CallQuota } from '../ports/call-quota.js';
import type { QuotaLimits } from '../ports/token-bucket.js';
import { NamedLease } from './named-lease.js';

/** Interval in which a replica looks with how many others it shares the quota. */
const LOOK_MS: number = 2 * SECOND;
/** What a look has told counts no longer than this after its beginning. */
const LOOK_COUNTS_MS: number = 2 * LOOK_MS;
/** Share of a replica that does not know yet, or any more, with how many others it shares … */
const UNKNOWN_SHARE = 0.025;
/** … and how much of that is there at once, for the calls of its start. */
const UNKNOWN_BURST: number = 2 / 3;
/** Share that is not divided, for two such replicas. */
const RESERVE: number = 2 * UNKNOWN_SHARE;
/** A seat that ran out this long ago is removed. */
const FORGOTTEN_AFTER_MS: number = 10 * MINUTE;
const SEATS = 'quota:';

/** The part of the account's limits that the replicas divide. */
export function dividedLimits(limits: QuotaLimits): QuotaLimits {
  return shareOf(limits, 1 - RESERVE);
}

/** The limits of a replica whose share is unknown, of those that are divided. */
export function unknownLimits(divided: QuotaLimits): QuotaLimits {
  const perMinute = (divided.perMinute * UNKNOWN_SHARE) / (1 - RESERVE);
  return { perMinute, burst: perMinute * UNKNOWN_BURST };
}

/**
 * Divides the account's quota among the replicas on one store. Each living replica holds a seat, which is a lease of its own,
 * and counts the seats every two seconds: its share is one of them. A replica that dies is no longer counted when its lease
 * runs out.
 *
 * ```
 * unknown ──the only seat, or a seat for so long that every other replica counts it──▶ sharing
 *    ▲                                                                                  │
 *    └──────────────the last look is too old: the store cannot be reached───────────────┘
 * ```
 *
 * While its share is unknown a replica makes few calls, so that no minute sees more than the quota and none sees no call.
 */
export class QuotaShare {
  readonly #parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>;
  readonly #quota: CallQuota;
  readonly #seat: NamedLease;
  /** Since then every other replica that looks counts this one. */
  #seatedAt: Instant | null = null;
  #lookedAt: Instant = 0;
  #looking: Promise<void> | null = null;
  #isStopped = false;
  #cancelLook: CancelTimer | null = null;
  #cancelExpiry: CancelTimer | null = null;

  constructor(parts: Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs'>, quota: CallQuota) {
    this.#parts = parts;
    this.#quota = quota;
    this.#seat = new NamedLease(`${SEATS}${parts.owner}`, parts);
  }

  start(): void {
    void this.#lookAgain();
  }

  /** Counts the replicas, and takes this one's share. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookAgain(): Promise<void> {
    await this.look();
    if (this.#isStopped) return;
    this.#cancelLook = this.#parts.clock.setTimer(LOOK_MS, () => void this.#lookAgain());
  }

  /** The other replicas divide the quota among themselves. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLook?.();
    this.#cancelExpiry?.();
    await this.#looking;
    await this.#seat.leave(null);
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#parts;
    if (this.#seatedAt === null) {
      const taken = await this.#seat.take();
      if (taken.err || !taken.val) return;
      this.#seatedAt = clock.now();
    }
    const startedAt = clock.now();
    // The seat may have run out meanwhile, and been renewed a moment ago.
    if (startedAt - this.#lookedAt > LOOK_COUNTS_MS) this.#seatedAt = startedAt;
    const listed = await store.listLeases(SEATS);
    if (listed.err || this.#isStopped) return;
    this.#lookedAt = startedAt;
    const now = clock.now();
    const living = listed.val.filter(({ until }) => until > now);
    if (!living.some(({ name }) => name === this.#seat.name)) {
      // It ran out while the store could not be reached: the others do not count this replica.
      this.#seatedAt = null;
      return this.#setShare(null, startedAt);
    }
    const isCounted = living.length === 1 || startedAt - this.#seatedAt >= LOOK_COUNTS_MS;
    this.#setShare(isCounted ? 1 / living.length : null, startedAt);
    await this.#removeForgotten(listed.val, now);
  }

  /** @param share of what is divided; null: not known */
  #setShare(share: number | null, lookedAt: Instant): void {
    const { clock } = this.#parts;
    this.#cancelExpiry?.();
    const { limits } = this.#quota;
    if (share === null) return this.#quota.setOwn(unknownLimits(limits));
    this.#quota.setOwn(shareOf(limits, share));
    const expiresIn = lookedAt + LOOK_COUNTS_MS - clock.now();
    this.#cancelExpiry = clock.setTimer(Math.max(0, expiresIn), () => this.#quota.setOwn(unknownLimits(limits)));
  }

  async #removeForgotten(seats: readonly Lease[], now: Instant): Promise<void> {
    const { store } = this.#parts;
    const forgotten = seats.filter(({ until }) => until + FORGOTTEN_AFTER_MS < now);
    for (const { name, owner } of forgotten) await store.releaseLease(name, owner);
  }
}
