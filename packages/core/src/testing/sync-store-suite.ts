import { claimSuite } from './sync-store/claims.js';
import { futureClaimSuite } from './sync-store/claims-of-the-future.js';
import { suiteContext, type SyncStoreFactory } from './sync-store/context.js';
import { deadLetterSuite } from './sync-store/dead-letters.js';
import { durabilitySuite } from './sync-store/durability.js';
import { feedAndChannelSuite } from './sync-store/feeds-and-channels.js';
import { journalSuite } from './sync-store/journal.js';
import { mapListSuite } from './sync-store/map-list.js';
import { mapSuite } from './sync-store/maps.js';
import { eventRecordSuite } from './sync-store/event-records.js';
import { signalSuite } from './sync-store/signals.js';
import { taskQueueSuite } from './sync-store/task-queue.js';
import { taskSuite } from './sync-store/tasks.js';
import type { SuiteRunner } from './suite-runner.js';

export type { SyncStoreFactory } from './sync-store/context.js';

/**
 * The contract of `SyncStore` as tests. Every store must pass it. Call it inside a `describe`, with the functions of your
 * test framework and a factory of your store.
 *
 * ```ts
 * describe('MemoryStore', () => syncStoreSuite({ describe, it }, { open: async () => new MemoryStore(), dispose }));
 * ```
 *
 * The suite does not test what the factory marks as unsupported.
 */
export function syncStoreSuite(runner: SuiteRunner, factory: SyncStoreFactory): void {
  const context = suiteContext(runner, factory);
  for (const suite of [
    mapSuite,
    mapListSuite,
    taskSuite,
    claimSuite,
    futureClaimSuite,
    taskQueueSuite,
    deadLetterSuite,
    feedAndChannelSuite,
    journalSuite,
    signalSuite,
    eventRecordSuite,
    durabilitySuite,
  ]) {
    suite(context);
  }
}
