import type { SyncEvent } from '../domain/sync-event.js';

/**
 * Whoever wants to know what the engine does: logs, metrics, a console. What it throws is reported once, as a `notice`
 * event, and goes no further.
 */
export interface SyncObserver {
  /** Called for each event, in order, and not waited for. */
  onEvent(event: SyncEvent): void;
}
