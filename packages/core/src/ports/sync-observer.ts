import type { SyncEvent } from '../domain/sync-event.js';

/**
 * A subscriber to the events of the engine: logs, metrics, a console. An error that it throws is reported once as a `notice`
 * event and has no other effect.
 */
export interface SyncObserver {
  /** Called for each event, in order. The engine does not wait for it. */
  onEvent(event: SyncEvent): void;
}
