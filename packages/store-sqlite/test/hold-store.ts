// A process that opens a store, stores and claims tasks, reports that, and then waits to be killed.
import { openSqliteStore } from '@loft/sync-store-sqlite';

const NOW = Date.UTC(2026, 2, 14);

const store = (await openSqliteStore(process.argv[2] ?? '')).unwrap();
const tasks = Array.from({ length: 100 }, (_, index) => ({
  appointmentId: `${index}`,
  dueAt: NOW,
  trigger: 'poll' as const,
  event: null,
}));
(await store.addTasks(tasks, NOW)).unwrap();
const held = (await store.claimTasks({ owner: 'holder', now: NOW, leaseMs: 3_600_000, limit: 100 })).unwrap();
process.send?.(held.length === 100 ? 'held' : `claimed ${held.length}`);
// The channel to the parent keeps the process alive, and ends it with the parent.
process.on('disconnect', () => process.exit());
