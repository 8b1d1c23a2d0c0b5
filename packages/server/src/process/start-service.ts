import { Err, Ok, SECOND, type Clock, type Result, type SyncEngine } from '@loft/sync-core';
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

/** How long requests under way get to finish when the service stops … */
const REQUEST_GRACE_MS: number = 3 * SECOND;
/** … and the engine. Platforms kill a process about 10 s after they have asked it to end. */
const ENGINE_GRACE_MS: number = 7 * SECOND;

export interface StartOptions extends WiringOptions {
  /** Where to listen; all interfaces without it. */
  readonly hostname?: string;
  /** A server that listens already, at the port of the settings. It is closed when the start fails. */
  readonly host?: OpenHost;
}

/** The service, running. */
export interface RunningService {
  readonly port: number;
  readonly engine: SyncEngine;
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Stops listening, lets the engine finish what is under way and release its leases, closes the store. What lasts
   * longer than some seconds is left: its leases run out, and the tasks are taken up again.
   */
  stop(): Promise<void>;
}

/**
 * Starts the service: listens, opens the store, mounts the application, and only then sets the engine going. The error is one sentence for a
 * person; nothing is left open then.
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
    // A new engine always starts.
    await engine.start();
    log.info({ bays: settings.sync.bays.length, push: settings.push !== null }, 'started');
    const stop = async (): Promise<void> => {
      log.info('stopping');
      const closed = host.close(REQUEST_GRACE_MS);
      // The store is closed when the engine has ended, however late: what still runs may not meet a closed one.
      const ended = engine
        .stop()
        .then(() => Promise.all([journal.stop(), signals?.stop()]))
        .then(() => container.unbindAllAsync());
      const inTime = await withDeadline(ended, ENGINE_GRACE_MS);
      await closed;
      const { dropped } = journal;
      if (dropped > 0) log.warn({ dropped }, 'entries of the journal were lost, since the store did not take them');
      if (inTime) log.info('stopped');
      else log.warn('stopped, with work under way: it is taken up again after the next start');
    };
    return Ok({ port, engine, store, clock, log, stop });
  } catch (error) {
    await host.close(0);
    const failure = startFailureOf(error);
    if (failure === null) throw error;
    // Nothing is to be closed: the store is all that has to be, and it is what failed.
    return Err(failure.message);
  }
}
