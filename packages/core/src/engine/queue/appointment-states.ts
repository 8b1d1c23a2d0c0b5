import { MINUTE, type Instant } from '../../domain/instant.js';
import type { SyncSystem } from '../../domain/sync-error.js';
import type { ClaimedTask } from '../../domain/task.js';
import type { Observation } from '../../rules/situation.js';
import { dueAt, finished, newDebounce, started } from './debounce.js';
import {
  EMPTY,
  mergeObservation,
  type AppointmentStatesOptions,
  type Change,
  type AppointmentState,
  type PendingChange,
  type WorkItem,
} from './appointment-state.js';

/** Number of appointments added between two evictions. */
const EVICT_EVERY = 1000;
/** Maximum number of observations. The oldest are evicted, and their tasks read again. */
const MAX_OBSERVATIONS = 20_000;

/** The states of all appointments known to this process, in one map with one eviction. */
export class AppointmentStates {
  readonly #options: AppointmentStatesOptions;
  readonly #states = new Map<string, AppointmentState>();
  #evictAt = EVICT_EVERY;

  constructor(options: AppointmentStatesOptions) {
    this.#options = options;
  }

  /** Number of appointments in the map. */
  get size(): number {
    return this.#states.size;
  }

  /** The store was emptied: nothing is pending any more. */
  clear(): void {
    this.#states.clear();
  }

  get(appointmentId: string): AppointmentState {
    return this.#states.get(appointmentId) ?? EMPTY;
  }

  /**
   * Adds the observations of appointments that need attention.
   * @returns the triggers that are not stored yet; call `stored` after storing them
   */
  accept(items: readonly WorkItem[], now: Instant): readonly Change[] {
    const isNew = items.filter((item) => !this.#isStored(item, now));
    for (const { appointmentId, observed } of items) this.observe(appointmentId, observed, now);
    return isNew.map((item) => {
      const { appointmentId } = item;
      const hintStored = isHint(item) ? this.storeHint(appointmentId, now) : null;
      const { hint, deadLetter } = this.get(appointmentId);
      return {
        item,
        event: item.event ?? deadLetter?.event ?? null,
        dueAt: hint && hintStored ? dueAt(hint.debounce, now) : now,
        stored: () => {
          hintStored?.();
          this.changeStored(appointmentId, item.fingerprint, isHint(item), now);
        },
      };
    });
  }

  /** Records the start of a task's work, with its observation. */
  begin(
    task: ClaimedTask,
    now: Instant,
  ): { readonly observation: Observation | null; readonly hadDeadLetter: boolean } {
    this.workStarted(task.appointmentId, now);
    const hadDeadLetter = this.get(task.appointmentId).deadLetter !== null;
    return { observation: this.takeObservation(task), hadDeadLetter };
  }

  /** Adds observations. Of two readings of the same record the later one counts. */
  observe(appointmentId: string, observed: Partial<Observation>, now: Instant): void {
    const { observation } = this.get(appointmentId);
    this.#update(appointmentId, { observation: mergeObservation(observation, observed) }, now);
  }

  /** Passes the observation to the task, once. Returns null if it may not be used: then both sides have to be read. */
  takeObservation(task: ClaimedTask): Observation | null {
    const { observation, deadLetter } = this.get(task.appointmentId);
    if (observation === null) return null;
    this.#update(task.appointmentId, { observation: null });
    // Another replica may have observed a newer state.
    if (!this.#isAllOurs(task)) return null;
    // A dead-lettered edit is in no observation any more: the event is read again.
    return deadLetter ? { ...observation, mustReread: true } : observation;
  }

  /** Is a change stored and not known to be completed? */
  isPending(appointmentId: string, now: Instant): boolean {
    const { pending } = this.get(appointmentId);
    return pending !== null && !this.#isExpired(pending, now);
  }

  /** Records a stored change. A trigger other than a hint does not wait for the debounce. */
  changeStored(appointmentId: string, fingerprint: string | null, isHint: boolean, now: Instant): void {
    const { pending, hint } = this.get(appointmentId);
    const { since = now, marks = 0 } = pending ?? {};
    this.#update(
      appointmentId,
      {
        pending: { fingerprint, storedAt: now, since, marks: marks + 1 },
        hint: hint && !isHint ? { ...hint, bypassDebounce: true } : hint,
      },
      now,
    );
  }

  /** Drops pending changes that the latest poll does not report any more: they are finished, here or elsewhere. */
  retainReported(appointmentIds: ReadonlySet<string>): void {
    for (const [id, { pending }] of this.#states) {
      if (pending && pending.fingerprint !== null && !appointmentIds.has(id)) this.dropPending(id);
    }
  }

  /** Ends all pending changes, and discards the observations before. */
  dropPending(appointmentId: string): void {
    this.#update(appointmentId, { pending: null, observation: null });
  }

  /** The completed task continues as a new one. Marks of an earlier task, which another replica completed, are none of it. */
  goOn({ appointmentId, createdAt }: Pick<ClaimedTask, 'appointmentId' | 'createdAt'>, now: Instant): void {
    const { pending } = this.get(appointmentId);
    if (pending === null || (this.#options.isShared && pending.since !== createdAt)) return;
    this.#update(appointmentId, { pending: { ...pending, since: now } });
  }

  /** Records a hint before it is stored. Call the returned function afterwards. */
  storeHint(appointmentId: string, now: Instant): () => void {
    const hint = this.get(appointmentId).hint ?? {
      debounce: newDebounce(now),
      starts: 0,
      isStored: false,
      bypassDebounce: false,
    };
    this.#update(appointmentId, { hint }, now);
    return () => {
      const latest = this.get(appointmentId).hint;
      // Work that started while the hint was being stored may have read before the change.
      if (latest?.starts === hint.starts) this.#update(appointmentId, { hint: { ...latest, isStored: true } });
    };
  }

  /** Returns when a trigger that came during the work is due. */
  againAt(appointmentId: string, now: Instant): Instant {
    const { hint } = this.get(appointmentId);
    return !hint || hint.bypassDebounce ? now : dueAt(hint.debounce, now);
  }

  workStarted(appointmentId: string, now: Instant): void {
    const { hint } = this.get(appointmentId);
    if (!hint) return;
    const debounce = started(hint.debounce, now);
    this.#update(appointmentId, {
      hint: { debounce, starts: hint.starts + 1, isStored: false, bypassDebounce: false },
    });
  }

  workFinished(appointmentId: string, foundChange: boolean, now: Instant): void {
    const { hint } = this.get(appointmentId);
    if (!hint) return;
    this.#update(appointmentId, { hint: { ...hint, debounce: finished(hint.debounce, foundChange, now) } });
  }

  setDeadLetter(appointmentId: string, deadLetter: AppointmentState['deadLetter']): void {
    this.#update(appointmentId, { deadLetter });
  }

  defer(appointmentId: string): void {
    this.#update(appointmentId, { isDeferred: true });
  }

  /** Returns the deferred appointments and ends their deferral. */
  takeDeferred(): readonly string[] {
    const deferred = [...this.#states].flatMap(([id, { isDeferred }]) => (isDeferred ? [id] : []));
    for (const id of deferred) this.#update(id, { isDeferred: false });
    return deferred;
  }

  /** Records the number of successful calls of a system at the task's first failure there. An earlier record is kept. */
  noteSuccesses(appointmentId: string, system: SyncSystem, successes: number): void {
    const { successesBefore } = this.get(appointmentId);
    this.#update(appointmentId, { successesBefore: { ...successesBefore, [system]: successes } });
  }

  /** Clears the failures of the task. */
  clearFailures(appointmentId: string): void {
    const { isDeferred, successesBefore } = this.get(appointmentId);
    if (!isDeferred && Object.keys(successesBefore).length === 0) return;
    this.#update(appointmentId, { isDeferred: false, successesBefore: {} });
  }

  /** An equal task is stored, and its work has not started. Of a hint this cannot be known in a shared store. */
  #isStored(item: WorkItem, now: Instant): boolean {
    const { appointmentId, fingerprint } = item;
    const { pending, hint } = this.get(appointmentId);
    if (fingerprint !== null) return pending?.fingerprint === fingerprint && !this.#isExpired(pending, now);
    return isHint(item) && !this.#options.isShared && hint?.isStored === true;
  }

  /** Every mark of the task was made by this process, so it has observed everything the task is about. */
  #isAllOurs({ appointmentId, mark, createdAt }: ClaimedTask): boolean {
    if (!this.#options.isShared) return true;
    const { pending } = this.get(appointmentId);
    return pending !== null && pending.marks === mark && pending.since === createdAt;
  }

  #isExpired({ storedAt }: PendingChange, now: Instant): boolean {
    return this.#options.isShared && now >= storedAt + this.#options.pendingExpiresMs;
  }

  /** @param now required if the appointment may be new to the map */
  #update(appointmentId: string, change: Partial<AppointmentState>, now?: Instant): void {
    const state = { ...this.get(appointmentId), ...change };
    if (isEmpty(state)) this.#states.delete(appointmentId);
    else this.#states.set(appointmentId, state);
    if (now !== undefined && this.#states.size >= this.#evictAt) this.#evict(now);
  }

  #evict(now: Instant): void {
    let surplus = -MAX_OBSERVATIONS;
    for (const { observation } of this.#states.values()) if (observation) surplus++;
    for (const [id, state] of this.#states) {
      const isExpired = state.pending !== null && this.#isExpired(state.pending, now);
      const dropsObservation = state.observation !== null && (isExpired || surplus-- > 0);
      const isDebounced = state.hint && (state.hint.isStored || state.hint.debounce.until + MINUTE >= now);
      this.#update(id, {
        ...(isExpired && { pending: null }),
        ...(dropsObservation && { observation: null }),
        ...(!isDebounced && { hint: null }),
      });
    }
    this.#evictAt = this.#states.size + EVICT_EVERY;
  }
}

function isEmpty({ observation, pending, hint, deadLetter, isDeferred, successesBefore }: AppointmentState): boolean {
  const isIdle = observation === null && pending === null && hint === null && deadLetter === null && !isDeferred;
  return isIdle && Object.keys(successesBefore).length === 0;
}

function isHint({ trigger }: WorkItem): boolean {
  return trigger === 'hint';
}
