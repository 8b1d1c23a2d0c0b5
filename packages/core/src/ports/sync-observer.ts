import type { SyncEvent } from '../domain/sync-event.js';

/** Whoever wants to know what the engine does: logs, metrics, a console. Must not throw. */
export interface SyncObserver {
  onEvent(event: SyncEvent): void;
}
