import { MINUTE, type Clock, type Instant, type SyncEvent } from '@loft/sync-core';
import type { SyncDirection } from '@loft/sync-core/reports';
import type { Slot } from '@loft/sync-core/store';

/** A change that has not got through yet. */
export interface Unfinished {
  readonly direction: SyncDirection;
  readonly before: Slot | null;
  readonly after: Slot | null;
}

/** A change that has got through, for the chart. */
export interface Propagation {
  readonly at: Instant;
  readonly direction: SyncDirection;
  readonly milliseconds: number;
  readonly appointmentId: string;
}

const PROPAGATIONS = 120;
const REMEMBERED = 2000;
/** So long it shows that an edit was put back. */
const PUT_BACK_SHOWS_MS: number = 10 * MINUTE;
const PUT_BACK: ReadonlySet<string> = new Set(['edit-refused', 'unsupported-edit', 'conflict', 'conflict-restore']);

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** What the console knows from watching the engine and no store tells: what is under way, and how fast changes go. */
export class LiveBoard {
  readonly #clock: Clock;
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #putBackAt = new Map<string, Instant>();
  readonly #propagations: Propagation[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last ones since the start, the oldest first. */
  get propagations(): readonly Propagation[] {
    return this.#propagations;
  }

  unfinished(appointmentId: string): Unfinished | null {
    return this.#unfinished.get(appointmentId) ?? null;
  }

  wasPutBack(appointmentId: string): boolean {
    const at = this.#putBackAt.get(appointmentId);
    return at !== undefined && this.#clock.now() - at < PUT_BACK_SHOWS_MS;
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'action') return;
    const { after, appointmentId, at, before, direction, outcome, propagationMs, reason } = event;
    if (outcome !== 'ok') {
      remember(this.#unfinished, appointmentId, { direction, before, after });
      return;
    }
    this.#unfinished.delete(appointmentId);
    if (direction === 'USCHEDULE_TO_GCAL' && PUT_BACK.has(reason)) remember(this.#putBackAt, appointmentId, at);
    else this.#putBackAt.delete(appointmentId);
    if (propagationMs === null) return;
    this.#propagations.push({ at, direction, milliseconds: propagationMs, appointmentId });
    if (this.#propagations.length > PROPAGATIONS) this.#propagations.shift();
  }
}
