import type { SyncEvent, SyncObserver } from '@loft/sync-core';

/** Numbers of sync actions by their outcome, since the start. */
export interface ActionTotals {
  readonly ok: number;
  readonly retry: number;
  readonly deadLetter: number;
}

/** Counts sync actions for `/admin/status`. */
export class ActionCounts implements SyncObserver {
  readonly #totals = { ok: 0, retry: 0, deadLetter: 0 };

  get totals(): ActionTotals {
    return { ...this.#totals };
  }

  onEvent(event: SyncEvent): void {
    if (event.type !== 'action') return;
    this.#totals[event.outcome === 'dead-letter' ? 'deadLetter' : event.outcome] += 1;
  }
}
