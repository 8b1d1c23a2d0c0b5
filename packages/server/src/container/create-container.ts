import type { Clock, SyncObserver } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { Container } from 'inversify';
import type { DestinationStream } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import type { ConsoleAccess } from '../http/console-access.js';
import type { SandboxUsers } from '../http/console/sandbox-users.js';
import { adaptersModule, type OwnPorts } from './adapters.module.js';
import { clockModule } from './clock.module.js';
import { engineModule } from './engine.module.js';
import { httpModule } from './http.module.js';
import { hostModule } from './host.module.js';
import { journalModule } from './journal.module.js';
import { observabilityModule } from './observability.module.js';
import { pushModule } from './push.module.js';
import { signalsModule } from './signals.module.js';
import { storeModule } from './store.module.js';
import { timeZonesModule } from './time-zones.module.js';
import { TOKENS } from './tokens.js';

/** Parts of the service that a host may replace. */
export interface WiringOptions extends OwnPorts {
  /** A store of the host in place of the one of `STORE_URL`. The host opens and closes it. */
  readonly store?: SyncStore;
  /** Destination of log lines. Default: standard output. */
  readonly logTo?: DestinationStream;
  readonly observers?: readonly SyncObserver[];
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Default `token`. */
  readonly consoleAccess?: ConsoleAccess;
  /** The simulated persons of the sandbox, for its console. */
  readonly sandbox?: SandboxUsers;
}

/**
 * Wires the service: one module for each adapter binds a port's token to the adapter's factory. A part is created at
 * its first `getAsync` (opening the store is asynchronous); `unbindAllAsync` closes the created parts.
 */
export function createContainer(settings: ServiceSettings, options: WiringOptions = {}): Container {
  const container = new Container();
  container.bind(TOKENS.settings).toConstantValue(settings);
  container.load(
    clockModule(options.clock ?? null),
    observabilityModule(options.logTo ?? null),
    httpModule,
    storeModule(options.store ?? null),
    adaptersModule(options),
    journalModule,
    signalsModule,
    pushModule,
    timeZonesModule,
    engineModule(options.observers ?? []),
    hostModule(options.consoleAccess ?? 'token', options.sandbox ?? null),
  );
  return container;
}
