import { MINUTE, SECOND, type Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter, NewTask } from '../../domain/task.js';
import type { Clock } from '../../ports/clock.js';
import { isShared, type ClaimRequest } from '../../ports/sync-store.js';
import { Ok, type Result } from '../../result.js';
import type { Timing } from '../../rules/timing.js';
import type { EngineParts } from '../engine-parts.js';
import type { CallQuota } from '../ports/call-quota.js';
import type { Change, WorkItem } from './appointment-state.js';
import { AppointmentStates } from './appointment-states.js';
import { LONGEST_WAIT } from './retry-or-dead-letter.js';
import { eventOfDeadLetter } from './dead-letters.js';

/** Stores tasks: each change once, hints debounced, a backfill at the pace of the quota. */
export class TaskQueue {
  readonly states: AppointmentStates;
  readonly #parts: EngineParts;
  readonly #pacing: BackfillPacing;
  /** Called after a task was stored that may be due. */
  onStored: (() => void) | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { store, settings } = parts;
    this.states = new AppointmentStates({
      isShared: isShared(store),
      pendingExpiresMs: LONGEST_WAIT * settings.retry.maxMs,
    });
    this.#pacing = new BackfillPacing(parts.clock, parts.quota);
  }

  /** Stores tasks for these appointments. Their observations stay in memory. Returns Ok once the tasks are stored. */
  async add(items: readonly WorkItem[]): Promise<Result<void, SyncError>> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const changes = this.states.accept(items, now);
    if (changes.length === 0) return Ok.EMPTY;
    const stored = await store.addTasks(this.#tasksOf(changes), now);
    // The tasks of a call whose answer was lost may be stored.
    this.onStored?.();
    if (stored.err) return stored;
    for (const change of changes) change.stored();
    return Ok.EMPTY;
  }

  /** Is a change of the appointment stored, and not known to be completed? */
  isBusyWith(appointmentId: string): boolean {
    return this.states.isPending(appointmentId, this.#parts.clock.now());
  }

  /** Call with the full result of a poll before it is added: changes of earlier polls that are not in it are completed. */
  retainReported(items: readonly WorkItem[]): void {
    this.states.retainReported(new Set(items.map(({ appointmentId }) => appointmentId)));
  }

  /** Records that these appointments have a dead letter. */
  noteDeadLetters(letters: readonly DeadLetter[]): void {
    for (const letter of letters) this.states.setDeadLetter(letter.appointmentId, { event: eventOfDeadLetter(letter) });
  }

  /** A circuit has closed: the tasks that wait for it are due now. */
  async resumeDeferred(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const deferred = this.states.takeDeferred();
    if (deferred.length === 0) return;
    const tasks = deferred.map((appointmentId): NewTask => {
      return { appointmentId, trigger: 'follow-up', event: null, dueAt: now };
    });
    const stored = await store.addTasks(tasks, now);
    if (stored.err) for (const appointmentId of deferred) this.states.defer(appointmentId);
  }

  /** The result of a poll may be a backfill, at the pace of the quota. */
  #tasksOf(changes: readonly Change[]): readonly NewTask[] {
    const paced = changes.some(isPolled) ? this.#pacing.schedule(changes.filter(isPolled)) : [];
    return [...changes.filter((change) => !isPolled(change)), ...paced].map(({ item, event, dueAt }) => {
      return { appointmentId: item.appointmentId, trigger: item.trigger, event, dueAt };
    });
  }
}

function isPolled({ item }: Change): boolean {
  return item.trigger === 'poll';
}

const EVERY_MS: number = MINUTE;

/** After a correction of the clock, tasks that are due later than this number of leases are claimed. */
const LATE_LEASES = 4;

/**
 * Tasks that are due, or claimed until, later than any task waits: they were stored while the clock was ahead, and would wait
 * for that time (docs/decision-table.md#echoes-and-loops). They are claimed once a minute, so that a wait that is longer than
 * computed causes one more check, and no loop. A process whose own clock is corrected claims once all tasks that are due later
 * than a lease can last: each of them computes its wait again.
 */
export class LateTasks {
  readonly #timing: Pick<Timing, 'longestWaitMs'>;
  readonly #leaseMs: number;
  #claimedAt: Instant = -Infinity;
  #latest: Instant = -Infinity;

  constructor(timing: Pick<Timing, 'longestWaitMs'>, leaseMs: number) {
    this.#timing = timing;
    this.#leaseMs = leaseMs;
  }

  /** Returns the times of a claim, which includes these tasks if they are due for a check. */
  claimAt(now: Instant): Pick<ClaimRequest, 'now' | 'latestDueAt'> {
    const isCorrected = this.#latest - now >= EVERY_MS;
    this.#latest = now;
    if (!isCorrected && Math.abs(now - this.#claimedAt) < EVERY_MS) return { now };
    this.#claimedAt = now;
    const { longestWaitMs } = this.#timing;
    return {
      now,
      latestDueAt: now + (isCorrected ? Math.min(LATE_LEASES * this.#leaseMs, longestWaitMs) : longestWaitMs),
    };
  }
}

/** Maximum time for which a poll's work may use the whole quota. Longer work is a backfill. */
const LONGEST_BURST_MS: number = 10 * SECOND;

type Quota = Pick<CallQuota, 'unitMs' | 'burst'>;

/**
 * Sets the due times of the work of one poll. All of it is due at once, unless the quota needs longer than
 * `LONGEST_BURST_MS`. Such a backfill is due at the pace of the quota, so that a user's change is due before the rest of it,
 * and no task holds a lease only to wait for the quota.
 */
export class BackfillPacing {
  readonly #clock: Clock;
  readonly #quota: Quota;
  /** When the next item would be due without a burst. */
  #nextAt: Instant = 0;
  /** Time of the last poll. */
  #scheduledAt: Instant = 0;

  constructor(clock: Clock, quota: Quota) {
    this.#clock = clock;
    this.#quota = quota;
  }

  /** Returns the changes of one poll with their due times. Bookings that start sooner come first. */
  schedule(changes: readonly Change[]): readonly Change[] {
    const now = this.#clock.now();
    const { unitMs, burst } = this.#quota;
    // The clock was ahead, and is corrected.
    if (now < this.#scheduledAt) this.#nextAt = 0;
    this.#scheduledAt = now;
    if (changes.length * unitMs <= LONGEST_BURST_MS) return changes;
    return changes.toSorted(byStart).map((change) => {
      this.#nextAt = Math.max(this.#nextAt, now - burst * unitMs) + unitMs;
      return { ...change, dueAt: Math.max(now, Math.floor(this.#nextAt)) };
    });
  }
}

function byStart(a: Change, b: Change): number {
  return startOf(a) - startOf(b);
}

/** An item without an observed booking comes last. */
function startOf({ item }: Change): number {
  return item.observed.booking?.booking?.start ?? Number.MAX_SAFE_INTEGER;
}
