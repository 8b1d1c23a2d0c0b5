import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { ClaimedTask, EventRef, Trigger } from '../../domain/task.js';
import type { CancelTimer, Clock } from '../../ports/clock.js';
import { decoratePort, type CallDecorator } from '../../ports/decorate-port.js';
import { BOOKING_PORT, CALENDAR_PORT } from '../../ports/port-methods.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { Err } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { rateLimitedCalls } from '../ports/rate-limited-calls.js';

/** Share of a lease after which it is renewed … */
const RENEW_SHARE = 1 / 3;
/** … and share of it between two attempts after a failed renewal: the store may recover before the lease expires. */
const RETRY_SHARE = 1 / 10;

type Parts = Pick<EngineParts, 'store' | 'clock' | 'leaseMs'>;

/**
 * A claimed task whose lease is renewed during its work. So no other replica claims it while a slow system answers or calls
 * wait for the quota. A paused process renews nothing. Then its `leaseUntil` is in the past, and it makes no more writes
 * (`leaseCheckedParts`).
 */
export class LeasedTask implements ClaimedTask {
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
  #ended = false;

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

  /** End of the lease, including renewals. */
  get leaseUntil(): Instant {
    return this.#leaseUntil;
  }

  /** Stops the renewals. */
  end(): void {
    this.#ended = true;
    this.#cancelTimer?.();
  }

  #renewIn(ms: number): void {
    this.#cancelTimer = this.#parts.clock.setTimer(Math.max(0, ms), () => void this.#renew());
  }

  async #renew(): Promise<void> {
    const { store, clock, leaseMs } = this.#parts;
    // The process was paused: what it has read is outdated. The task is tried again after the lease.
    if (clock.now() >= this.#leaseUntil) return;
    const until = clock.now() + leaseMs;
    const renewed = await store.renewTask(this, until);
    // Another replica has the task, or it ended during the renewal.
    if (this.#ended || (renewed.err && renewed.val.kind === 'conflict')) return;
    if (renewed.ok) this.#leaseUntil = until;
    this.#renewIn(leaseMs * (renewed.ok ? RENEW_SHARE : RETRY_SHARE));
  }
}

/**
 * Checks the task's lease before each write to the two systems. A worker that was paused past its lease makes no more
 * writes, because another replica may process the appointment. The other systems have no fencing token, so this check is the
 * closest substitute.
 *
 * @param hasMap a map of the appointment is stored, perhaps with an intent that is not flushed yet
 */
export function leaseCheckedParts(parts: EngineParts, task: ClaimedTask, hasMap: boolean): EngineParts {
  const { clock, bookings, unthrottledCalendars, quota, store } = parts;
  const leaseCheck = leaseCheckedCalls(clock, task);
  const flushed = flushedCalls(store, hasMap);
  return {
    ...parts,
    bookings: decoratePort(bookings, BOOKING_PORT, flushed, leaseCheck),
    // The lease is checked after the wait for the quota, directly before the call is sent.
    calendars: decoratePort(
      unthrottledCalendars,
      CALENDAR_PORT,
      flushed,
      rateLimitedCalls(quota, () => task.trigger),
      leaseCheck,
    ),
  };
}

/**
 * Flushes the store, with its intents and records of edits, before any write to the two systems. Only the first insert of an
 * appointment may be sent earlier: its id is derived, so that a store that has lost the task and the map finds the event
 * again (docs/adr/0024-work-begins-before-the-flush.md).
 */
function flushedCalls(store: SyncStore, hasMap: boolean): CallDecorator {
  return async ({ effect, method }, send) => {
    if (effect !== 'write' || (method === 'insertEvent' && !hasMap)) return send();
    const flushed = await store.flush();
    return flushed.err ? flushed : send();
  };
}

function leaseCheckedCalls(clock: Clock, task: ClaimedTask): CallDecorator {
  return async ({ effect }, send) =>
    effect === 'write' && clock.now() >= task.leaseUntil ? Err(leaseLost(task)) : send();
}

function leaseLost({ appointmentId }: ClaimedTask): SyncError {
  const message = `the lease on appointment ${appointmentId} ran out before its write`;
  return { kind: 'conflict', system: 'store', method: 'lease', message };
}
