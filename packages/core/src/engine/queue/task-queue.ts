import { isShared } from '../../ports/sync-store.js';
import type { SyncError } from '../../domain/sync-error.js';
import type { DeadLetter, NewTask } from '../../domain/task.js';
import { Ok, type Result } from '../../result.js';
import type { EngineParts } from '../engine-parts.js';
import type { Change } from './appointment-state.js';
import { AppointmentStates } from './appointment-states.js';
import { BackfillPacing } from './backfill-pacing.js';
import { LONGEST_WAIT } from './retry-or-dead-letter.js';
import { eventOfDeadLetter, type WorkItem } from './work-item.js';

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

  /** Adds an observation that waits for the appointment's task. */
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
