import { MINUTE, type Clock, type Instant, type SyncEngine, type SyncEvent } from '@loft/sync-core';
import type { SyncDirection } from '@loft/sync-core/reports';
import type { Slot } from '@loft/sync-core/store';

/** A change that is not synced yet. */
export interface Unfinished {
  readonly direction: SyncDirection;
  readonly before: Slot | null;
  readonly after: Slot | null;
}

/** A synced change, for the chart. */
export interface Propagation {
  readonly at: Instant;
  readonly direction: SyncDirection;
  readonly milliseconds: number;
  readonly appointmentId: string;
}

const PROPAGATIONS = 120;
const REMEMBERED = 2000;
/** Duration of the mark of a reverted edit. */
const PUT_BACK_SHOWS_MS: number = 10 * MINUTE;
/** Decisions after which nothing is pending, although nothing was written: the change was undone, or is over. */
const SETTLED: ReadonlySet<string> = new Set([
  'in-sync',
  'converged',
  'text-edited',
  'dead-on-arrival',
  'past',
  'no-route',
]);
const REVERTING: ReadonlySet<string> = new Set(['edit-refused', 'unsupported-edit', 'conflict', 'conflict-restore']);

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/**
 * The state of the console that comes from events of the engine and is not stored: pending changes, and the duration of
 * changes.
 */
export class LiveBoard {
  readonly #clock: Clock;
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #putBackAt = new Map<string, Instant>();
  readonly #propagations: Propagation[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The latest changes since the start, the oldest first. */
  get propagations(): readonly Propagation[] {
    return this.#propagations;
  }

  /** The appointments with a change that is not synced yet. */
  get pending(): Iterable<string> {
    return this.#unfinished.keys();
  }

  unfinished(appointmentId: string): Unfinished | null {
    return this.#unfinished.get(appointmentId) ?? null;
  }

  wasReverted(appointmentId: string): boolean {
    const at = this.#putBackAt.get(appointmentId);
    return at !== undefined && this.#clock.now() - at < PUT_BACK_SHOWS_MS;
  }

  onEvent(event: SyncEvent): void {
    if (event.type === 'decision' && SETTLED.has(event.reason)) this.#unfinished.delete(event.appointmentId);
    if (event.type !== 'action') return;
    const { after, appointmentId, at, before, direction, outcome, propagationMs, reason, successor } = event;
    if (outcome !== 'ok') {
      remember(this.#unfinished, appointmentId, { direction, before, after });
      return;
    }
    this.#unfinished.delete(appointmentId);
    // The booking was moved back in USchedule; its event follows with a write of its own.
    if (reason === 'change-undone' && successor === null) {
      remember(this.#unfinished, appointmentId, { direction: 'USCHEDULE_TO_GCAL', before, after });
    }
    if (direction === 'USCHEDULE_TO_GCAL' && REVERTING.has(reason)) remember(this.#putBackAt, appointmentId, at);
    else this.#putBackAt.delete(appointmentId);
    if (propagationMs === null) return;
    this.#propagations.push({ at, direction, milliseconds: propagationMs, appointmentId });
    if (this.#propagations.length > PROPAGATIONS) this.#propagations.shift();
  }
}

/** Creates a board that follows the events of an engine. The subscription ends with the engine's events. */
export function liveBoard({ events }: Pick<SyncEngine, 'events'>, clock: Clock): LiveBoard {
  const board = new LiveBoard(clock);
  events.subscribe((event) => board.onEvent(event));
  return board;
}
