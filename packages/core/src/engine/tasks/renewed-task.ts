import type { Instant } from '../../domain/instant.js';
import type { ClaimedTask, EventRef, Trigger } from '../../domain/task.js';
import type { CancelTimer } from '../../ports/clock.js';
import type { EngineParts } from '../engine-parts.js';

/** A lease is renewed when this share of it is over … */
const RENEW_SHARE = 1 / 3;
/** … and after a renewal that failed, so often in a lease: the store may be back before it runs out. */
const RETRY_SHARE = 1 / 10;

type Parts = Pick<EngineParts, 'store' | 'clock' | 'leaseMs'>;

/**
 * A task that is being worked on: its lease is renewed for as long as that lasts, so that work which takes its time (a
 * slow system, a line of calls that wait for the quota) is not taken up by somebody else in the middle, again and again.
 * A process that is paused renews nothing, and a lease that was lost stays lost: `leaseUntil` is then in the past, and
 * nothing more is written (`lease-check.ts`).
 */
export class RenewedTask implements ClaimedTask {
  readonly appointmentId: string;
  readonly owner: string;
  readonly fence: number;
  readonly mark: number;
  readonly trigger: Trigger;
  readonly event: EventRef | null;
  readonly attempts: number;
  readonly claims: number;
  readonly createdAt: Instant;
  readonly #parts: Parts;
  #leaseUntil: Instant;
  #cancelTimer: CancelTimer | null = null;
  #over = false;

  constructor(task: ClaimedTask, parts: Parts) {
    this.appointmentId = task.appointmentId;
    this.owner = task.owner;
    this.fence = task.fence;
    this.mark = task.mark;
    this.trigger = task.trigger;
    this.event = task.event;
    this.attempts = task.attempts;
    this.claims = task.claims;
    this.createdAt = task.createdAt;
    this.#leaseUntil = task.leaseUntil;
    this.#parts = parts;
    this.#renewIn(this.#leaseUntil - parts.leaseMs * (1 - RENEW_SHARE) - parts.clock.now());
  }

  /** As it is now. */
  get leaseUntil(): Instant {
    return this.#leaseUntil;
  }

  /** It is worked on no longer. */
  end(): void {
    this.#over = true;
    this.#cancelTimer?.();
  }

  #renewIn(ms: number): void {
    this.#cancelTimer = this.#parts.clock.setTimer(Math.max(0, ms), () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { store, clock, leaseMs } = this.#parts;
    const until = clock.now() + leaseMs;
    const renewed = await store.renewTask(this, until);
    // Somebody else has it, or it was finished while we asked.
    if (this.#over || (renewed.err && renewed.val.kind === 'conflict')) return;
    if (renewed.ok) this.#leaseUntil = until;
    this.#renewIn(leaseMs * (renewed.ok ? RENEW_SHARE : RETRY_SHARE));
  }
}
