import type { SyncEngineOptions } from './engine-options.js';
import { Engine } from './engine.js';
import type { SyncEngine } from './sync-engine.js';

/** Makes an engine; nothing runs before its `start`. */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  return new Engine(options);
}
