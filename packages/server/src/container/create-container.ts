import type { Clock, SyncObserver } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { Container } from 'inversify';
import type { DestinationStream } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import type { ConsoleAccess } from '../http/console-access.js';
import type { SandboxDesk } from '../http/console/sandbox-desk.js';
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

/** What a host may want otherwise than the settings say. */
export interface WiringOptions extends OwnPorts {
  /** A store of the host's own, in place of the one of `STORE_URL`. Whoever opened it closes it. */
  readonly store?: SyncStore;
  /** Where log lines go; standard output without it. */
  readonly logTo?: DestinationStream;
  readonly observers?: readonly SyncObserver[];
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Default `token`. */
  readonly consoleAccess?: ConsoleAccess;
  /** The people of the sandbox, to be played in the console. */
  readonly sandbox?: SandboxDesk;
}

/**
 * Wires the service: one module for each adapter binds a port's token to what the adapter's factory makes. Nothing is
 * made before it is asked for, by `getAsync` since opening the store takes time; `unbindAllAsync` closes what was made.
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
