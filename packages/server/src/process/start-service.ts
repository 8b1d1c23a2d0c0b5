import { Err, Ok, SECOND, type Clock, type Result, type SyncEngine } from '@loft/sync-core';
import { thrownText } from '@loft/sync-core/adapters';
import type { SyncStore } from '@loft/sync-core/store';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import { createContainer, type WiringOptions } from '../container/create-container.js';
import { startFailureOf } from '../container/start-failure.js';
import { JOURNAL } from '../container/journal.module.js';
import { SIGNALS } from '../container/signals.module.js';
import { TOKENS } from '../container/tokens.js';
import { openHost, type OpenHost } from '../http/http-host.js';
import { withDeadline } from './with-deadline.js';

/** Maximum wait for running requests when the service stops … */
const REQUEST_GRACE_MS: number = 3 * SECOND;
/** … and for the engine. Platforms kill a process about 10 s after the stop signal. */
const ENGINE_GRACE_MS: number = 7 * SECOND;

export interface StartOptions extends WiringOptions {
  /** The address to listen on. Default: all interfaces. */
  readonly hostname?: string;
  /** A server that already listens on the port of the settings. It is closed if the start fails. */
  readonly host?: OpenHost;
}

/** The running service. */
export interface RunningService {
  readonly port: number;
  readonly engine: SyncEngine;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Stops listening, lets the engine finish running tasks and release its leases, and closes the store. Work that takes
   * longer than a few seconds is abandoned: its leases expire, and its tasks are retried.
   */
  stop(): Promise<void>;
}

/**
 * Starts the service: listens, opens the store, mounts the application, then starts the engine. The error is one
 * sentence for the operator; nothing is left open in that case.
 */
export async function startService(
  settings: ServiceSettings,
  options: StartOptions = {},
): Promise<Result<RunningService, string>> {
  const { hostname } = options;
  const opened = options.host
    ? Ok(options.host)
    : await openHost({ port: settings.port, ...(hostname === undefined ? {} : { hostname }) });
  if (opened.err) return opened;
  const host = opened.val;
  const container = createContainer(settings, options);
  try {
    const app = await container.getAsync(TOKENS.app);
    const [engine, store, clock, log, journal, signals, zoneNotices] = await Promise.all([
      container.getAsync(TOKENS.engine),
      container.getAsync(TOKENS.store),
      container.getAsync(TOKENS.clock),
      container.getAsync(TOKENS.log),
      container.getAsync(JOURNAL),
      container.getAsync(SIGNALS),
      container.getAsync(TOKENS.zoneNotices),
    ]);
    const { sync, timeZones } = settings;
    log.info({ timeZone: sync.timeZone, zoneRules: timeZones.source, tzVersion: timeZones.version }, 'starting');
    const outdated = zoneNotices.outdated(clock.now());
    if (outdated !== null) log.warn({ timeZone: sync.timeZone }, outdated);
    host.mount(app);
    const { port } = host;
    log.info({ port }, 'listening');
    signals?.start();
    // The start of a new engine cannot fail.
    await engine.start();
    log.info({ bays: settings.sync.bays.length, push: settings.push !== null }, 'started');
    const stop = async (): Promise<void> => {
      log.info('stopping');
      const closed = host.close(REQUEST_GRACE_MS);
      // The store is closed after the engine has ended, because running work still uses it.
      const ended = engine
        .stop()
        .then(() => Promise.all([journal.stop(), signals?.stop()]))
        .then(() => container.unbindAllAsync())
        .catch((thrown: unknown) => log.error({ error: thrownText(thrown) }, 'a part of the service was not closed'));
      const inTime = await withDeadline(ended, ENGINE_GRACE_MS);
      await closed;
      const { dropped } = journal;
      if (dropped > 0) log.warn({ dropped }, 'journal entries were lost because the store did not accept them');
      if (inTime) log.info('stopped');
      else log.warn('stopped with unfinished work: it continues after the next start');
    };
    return Ok({ port, engine, store, clock, log, stop });
  } catch (error) {
    await host.close(0);
    // The store may be open: its parts are created at the same time as those that failed.
    await container.unbindAllAsync().catch(() => undefined);
    const failure = startFailureOf(error);
    if (failure === null) throw error;
    return Err(failure.message);
  }
}
