import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { CancelTimer } from '../../ports/clock.js';
import type { Lease } from '../../ports/sync-store.js';
import type { EngineParts } from '../engine-parts.js';
import { shareOf, type CallQuota } from '../ports/call-quota.js';
import type { QuotaLimits } from '../ports/token-bucket.js';
import { isFromFuture, NamedLease } from './leases.js';
import { settingsDigest } from './settings-digest.js';

/** Interval at which a replica counts the replicas that share the quota. */
const RECOUNT_MS: number = 2 * SECOND;
/** Maximum age of a count. */
const COUNT_VALID_MS: number = 2 * RECOUNT_MS;
/** Share of a replica without a valid count … */
const UNKNOWN_SHARE = 0.025;
/** … and the part of it that is available at once, for the calls of its start. */
const UNKNOWN_BURST: number = 2 / 3;
/** Reserved share for two replicas without a valid count. */
const RESERVE: number = 2 * UNKNOWN_SHARE;
/** Age after which an expired seat is removed. */
const FORGOTTEN_AFTER_MS: number = 10 * MINUTE;
const SEATS = 'quota:';
const REMEDY = 'stop them, or use one settings file for all';

type Parts = Pick<EngineParts, 'store' | 'clock' | 'owner' | 'leaseMs' | 'settings' | 'emit'>;

/** Returns the part of the account's limits that the replicas divide. */
export function dividedLimits(limits: QuotaLimits): QuotaLimits {
  return shareOf(limits, 1 - RESERVE);
}

/** Returns the limits of a replica without a valid count, as a part of the reserved share. */
export function unknownLimits(divided: QuotaLimits): QuotaLimits {
  const perMinute = (divided.perMinute * UNKNOWN_SHARE) / (1 - RESERVE);
  return { perMinute, burst: perMinute * UNKNOWN_BURST };
}

/** The name of a seat contains the digest of the settings of its replica, and its owner. */
const SEAT_NAME = /^quota:([0-9a-f]{8}):/;

/**
 * Divides the account's quota among the replicas on one store. Each live replica holds a seat, which is a lease, and counts
 * the seats every two seconds: its share is one of them. A dead replica is no longer counted after its lease has expired.
 * ```
 * unknown ──the only seat, or held long enough that every other replica counts it──▶ sharing
 *    ▲                                                                                │
 *    └──────────────the last count is too old: the store is not reachable─────────────┘
 * ```
 *
 * While its share is unknown a replica makes few calls, so that no minute exceeds the quota and none is without calls.
 *
 * The seats also show whether all replicas have the same settings. Two replicas with different calendars for a bay would move
 * its events in turn.
 */
export class QuotaShare {
  readonly #parts: Parts;
  readonly #digest: string;
  readonly #quota: CallQuota;
  readonly #seat: NamedLease;
  /** Time from which every other replica with a current count includes this one. Null if unknown. */
  #seatedAt: Instant | null = null;
  #countedAt: Instant = 0;
  #counting: Promise<void> | null = null;
  #isStopped = false;
  #cancelRecount: CancelTimer | null = null;
  #cancelExpiry: CancelTimer | null = null;
  #withOtherSettings = 0;

  constructor(parts: Parts, quota: CallQuota) {
    this.#parts = parts;
    this.#digest = settingsDigest(parts.settings);
    this.#quota = quota;
    this.#seat = new NamedLease(`${SEATS}${this.#digest}:${parts.owner}`, parts);
  }

  /** Warns if other replicas have other settings. Null if all have the same. */
  get warning(): string | null {
    const count = this.#withOtherSettings;
    if (count === 0) return null;
    return `${count} other ${count === 1 ? 'process uses' : 'processes use'} this store with other settings: ${REMEDY}`;
  }

  start(): void {
    void this.#recountLater();
  }

  /** Counts the replicas, and sets this one's share. */
  recount(): Promise<void> {
    this.#counting ??= this.#recount().finally(() => {
      this.#counting = null;
    });
    return this.#counting;
  }

  async #recountLater(): Promise<void> {
    await this.recount();
    if (this.#isStopped) return;
    this.#cancelRecount = this.#parts.clock.setTimer(RECOUNT_MS, () => void this.#recountLater());
  }

  /** Releases the share to the other replicas. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRecount?.();
    this.#cancelExpiry?.();
    await this.#counting;
    await this.#seat.leave(null);
  }

  async #recount(): Promise<void> {
    const { store, clock, leaseMs } = this.#parts;
    if (this.#seatedAt === null) {
      const taken = await this.#seat.take();
      if (taken.err || !taken.val) return;
      this.#seatedAt = clock.now();
    }
    const startedAt = clock.now();
    // The seat may have expired meanwhile, and been renewed a moment ago. Or a clock that was ahead was corrected.
    const isOutdated = startedAt - this.#countedAt > COUNT_VALID_MS || this.#seatedAt > startedAt;
    if (isOutdated) this.#seatedAt = startedAt;
    const listed = await store.listLeases(SEATS);
    if (listed.err || this.#isStopped) return;
    this.#countedAt = startedAt;
    const now = clock.now();
    const living = listed.val.filter((seat) => seat.until > now && !isFromFuture(seat, leaseMs, now));
    if (!living.some(({ name }) => name === this.#seat.name)) {
      // The seat expired while the store was not reachable: the others do not count this replica.
      this.#seatedAt = null;
      return this.#setShare(null, startedAt);
    }
    this.#compareSettings(living);
    const isCounted = living.length === 1 || startedAt - this.#seatedAt >= COUNT_VALID_MS;
    this.#setShare(isCounted ? 1 / living.length : null, startedAt);
    await this.#removeForgotten(listed.val, now);
  }

  #compareSettings(living: readonly Lease[]): void {
    const digests = living.flatMap(({ name }) => SEAT_NAME.exec(name)?.[1] ?? []);
    const before = this.#withOtherSettings;
    this.#withOtherSettings = digests.filter((digest) => digest !== this.#digest).length;
    const { emit, clock } = this.#parts;
    if (before > 0 || this.warning === null) return;
    emit({
      type: 'notice',
      at: clock.now(),
      level: 'warn',
      message: this.warning,
      appointmentId: null,
      calendarId: null,
    });
  }

  /** @param share of the divided limits; null if unknown */
  #setShare(share: number | null, countedAt: Instant): void {
    const { clock } = this.#parts;
    this.#cancelExpiry?.();
    const { limits } = this.#quota;
    if (share === null) return this.#quota.setOwn(unknownLimits(limits));
    this.#quota.setOwn(shareOf(limits, share));
    const expiresIn = countedAt + COUNT_VALID_MS - clock.now();
    this.#cancelExpiry = clock.setTimer(Math.max(0, expiresIn), () => this.#quota.setOwn(unknownLimits(limits)));
  }

  async #removeForgotten(seats: readonly Lease[], now: Instant): Promise<void> {
    const { store, owner: own, leaseMs } = this.#parts;
    const forgotten = seats.filter(
      (seat) => seat.until + FORGOTTEN_AFTER_MS < now || (seat.owner !== own && isFromFuture(seat, leaseMs, now)),
    );
    for (const { name, owner } of forgotten) await store.releaseLease(name, owner);
  }
}
