import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, startService } from '@loft/sync-server';
import { waitUntil } from '../harness/measure.mjs';
import { environment, freePort, settingsFile } from './service-settings.mjs';

/** Discards the log. */
const NOWHERE = { write: () => {} };

/**
 * The service in this process, so that its store operations can be counted and its processor time be measured to the
 * microsecond. It has no watch channels, and its feeds run on request only.
 *
 * @param {import('./simulators.mjs').Simulators} simulators
 */
export async function startWatchedService(simulators) {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const settingsPath = join(directory, 'settings.json');
  await writeFile(settingsPath, settingsFile(simulators));
  const store = `sqlite:${join(directory, 'store.db')}`;
  const settings = await loadSettings({
    ...environment(simulators, { port: await freePort(), store, push: false }),
    LOFT_SYNC_CONFIG: settingsPath,
    LOG_LEVEL: 'silent',
  });
  if (settings.err) throw new Error(settings.val);
  /** By `<system> <method>`. @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, (event: import('@loft/sync-core/reports').FeedEvent) => void>} */
  const waiting = new Map();
  /** @param {import('@loft/sync-core').SyncEvent} event */
  const onEvent = (event) => {
    if (event.type === 'call') {
      const name = `${event.system} ${event.method}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    } else if (event.type === 'feed') {
      waiting.get(event.feed)?.(event);
      waiting.delete(event.feed);
    }
  };
  const started = await startService(settings.val, {
    observers: [{ onEvent }],
    logTo: NOWHERE,
    hostname: '127.0.0.1',
  });
  if (started.err) throw new Error(started.val);
  const service = started.val;
  const { engine, port } = service;
  const isSettled = async () => {
    const status = (await engine.status()).unwrap();
    return Object.values(status.tasks).every((count) => count === 0);
  };
  return {
    engine,
    port,
    counts,
    /** One run of one feed. It makes one store read more than a run by its timer. @param {string} feed */
    runFeed: async (feed) => {
      const ran = new Promise((resolve) => waiting.set(feed, resolve));
      (await engine.resumeFeed(feed)).unwrap();
      return /** @type {Promise<import('@loft/sync-core/reports').FeedEvent>} */ (ran);
    },
    settled: () => waitUntil(isSettled, 120_000, 'an end of all tasks'),
    stop: async () => {
      await service.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
