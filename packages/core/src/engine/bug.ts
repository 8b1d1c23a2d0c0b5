import type { SyncError } from '../domain/sync-error.js';
import { thrownText } from '../ports/thrown-text.js';

/**
 * The error of a throw inside the engine: a bug, or a record of the store with missing fields. It must not end the process of
 * the host.
 */
export function bug(method: string, thrown: unknown): SyncError {
  return { kind: 'invalid', system: 'engine', method, message: `the engine met a bug: ${thrownText(thrown)}` };
}
