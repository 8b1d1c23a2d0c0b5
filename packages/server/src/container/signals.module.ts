import { randomUUID } from 'node:crypto';
import type { Clock, SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import type { HttpClient } from '@loft/sync-http';
import { ContainerModule, type ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../config/service-settings.js';
import { CustomerMemory } from '../signals/customer-memory.js';
import type { Signals } from '../signals/signals.js';
import { TOKENS } from './tokens.js';

export const CUSTOMERS: ServiceIdentifier<CustomerMemory> = Symbol.for('loft-sync/customers');

/** null: the settings name no webhook, and the library that signs signals is not loaded. */
export const SIGNALS: ServiceIdentifier<Signals | null> = Symbol.for('loft-sync/signals');

async function createSignals(
  settings: ServiceSettings,
  store: SyncStore,
  clock: Clock,
  engine: SyncEngine,
  log: Logger,
  http: HttpClient,
  customers: CustomerMemory,
): Promise<Signals | null> {
  const { signals: receivers, sync } = settings;
  if (receivers.length === 0) return null;
  const loaded = await import('../signals/signals.js');
  const { bays, uschedule } = sync;
  const { cancellationHours } = uschedule;
  return new loaded.Signals({
    store,
    clock,
    engine,
    log,
    http,
    customers,
    receivers,
    bays,
    cancellationHours,
    owner: randomUUID(),
  });
}

/**
 * Binds the signals, which are sent to webhooks on their own timers. They must be stopped before the store is closed.
 */
export const signalsModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(CUSTOMERS)
    .toResolvedValue(() => new CustomerMemory())
    .inSingletonScope();
  bind(SIGNALS)
    .toResolvedValue(createSignals, [
      TOKENS.settings,
      TOKENS.store,
      TOKENS.clock,
      TOKENS.engine,
      TOKENS.log,
      TOKENS.http,
      CUSTOMERS,
    ])
    .inSingletonScope();
});
