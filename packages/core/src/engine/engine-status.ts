import { Ok } from '../result.js';
import type { StoreResult } from '../ports/sync-store.js';
import type { EngineParts } from './engine-parts.js';
import type { EngineStatus } from './sync-engine.js';

/** Completes the status of an engine with the counts of the store and the circuits. */
export async function engineStatus(
  { store, clock, circuits }: Pick<EngineParts, 'store' | 'clock' | 'circuits'>,
  parts: Pick<EngineStatus, 'running' | 'feeds' | 'channels'>,
): StoreResult<EngineStatus> {
  const tasks = await store.countTasks(clock.now());
  if (tasks.err) return tasks;
  const letters = await store.listDeadLetters({});
  if (letters.err) return letters;
  return Ok({ ...parts, circuits: circuits.list(), tasks: tasks.val, deadLetters: letters.val.length });
}
