import type { Instant } from '../../domain/instant.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter, NewTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import { AppointmentStates } from './appointment-state.js';
import { BackfillPacing } from './backfill-pacing.js';
import { LONGEST_WAIT } from './retry-or-dead-letter.js';
import { eventOfDeadLetter, type WorkItem } from './work-item.js';

/** Stores tasks: each change once, hints debounced, a backfill at the pace of the quota. */
export class TaskQueue {
  #states: AppointmentStates;
  readonly #parts: EngineParts;
  readonly #pacing: BackfillPacing;
  /** Called when a task was stored that may be due. */
  onStored: (() => void) | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#states = statesFor(parts);
    this.#pacing = new BackfillPacing(parts.clock, parts.quota);
  }

  get states(): AppointmentStates {
    return this.#states;
  }

  /** The store was emptied: nothing is pending any more. */
  forgetAll(): void {
    this.#states = statesFor(this.#parts);
  }

  /** Stores that these appointments need attention. What was observed travels along in memory. Ok once it is stored. */
  async add(items: readonly WorkItem[]): Promise<Result<void, SyncError>> {
    const { states } = this;
    const { store, clock } = this.#parts;
    const now = clock.now();
    const changes = items.filter((item) => !this.#isStored(item, now));
    for (const { appointmentId, observed } of items) states.observe(appointmentId, observed, now);
    if (changes.length === 0) return Ok.EMPTY;
    const hintsStored = changes.filter(isHint).map(({ appointmentId }) => states.storeHint(appointmentId, now));
    const stored = await store.addTasks(this.#tasksOf(changes, now), now);
    if (stored.err) return stored;
    for (const hintStored of hintsStored) hintStored();
    for (const item of changes) states.changeStored(item.appointmentId, item.fingerprint, isHint(item), now);
    this.onStored?.();
    return Ok.EMPTY;
  }

  /** Something that was found out about the appointment waits for its task. */
  isBusyWith(appointmentId: string): boolean {
    return this.states.isPending(appointmentId, this.#parts.clock.now());
  }

  /** Call with the full result of a poll before it is added: what earlier polls reported besides is finished. */
  retainReported(items: readonly WorkItem[]): void {
    this.states.retainReported(new Set(items.map(({ appointmentId }) => appointmentId)));
  }

  /** These appointments have a dead letter. */
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

  /** An equal task is stored, and its work has not started. Of a hint this cannot be known in a shared store. */
  #isStored(item: WorkItem, now: Instant): boolean {
    const { appointmentId, fingerprint } = item;
    if (fingerprint !== null) return this.states.isSamePending(appointmentId, fingerprint, now);
    return isHint(item) && !this.#parts.store.shared && this.states.get(appointmentId).hint?.isStored === true;
  }

  /** Hints are debounced, and what a poll found may be a backfill; all else is due now. */
  #tasksOf(changes: readonly WorkItem[], now: Instant): readonly NewTask[] {
    const { states } = this;
    const prompt = changes
      .filter(({ trigger }) => trigger !== 'poll')
      .map((item) => ({ item, dueAt: isHint(item) ? states.hintDueAt(item.appointmentId, now) : now }));
    const paced = this.#pacing.schedule(changes.filter(({ trigger }) => trigger === 'poll'));
    return [...prompt, ...paced].map(({ item: { appointmentId, trigger, event }, dueAt }) => {
      return { appointmentId, trigger, event: event ?? states.get(appointmentId).deadLetter?.event ?? null, dueAt };
    });
  }
}

function statesFor({ store, settings }: EngineParts): AppointmentStates {
  return new AppointmentStates({ isShared: store.shared, pendingExpiresMs: LONGEST_WAIT * settings.retry.maxMs });
}

function isHint({ trigger }: WorkItem): boolean {
  return trigger === 'hint';
}
