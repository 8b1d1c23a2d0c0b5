import type { Clock, SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { Journal } from '@loft/sync-core/reports';
import { ContainerModule, type ServiceIdentifier } from 'inversify';
import { TOKENS } from './tokens.js';

export const JOURNAL: ServiceIdentifier<Journal> = Symbol.for('loft-sync/journal');

/** The journal writes to the store by itself; whoever stops the service stops it before the store is closed. */
export const journalModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(JOURNAL)
    .toResolvedValue(
      (store: SyncStore, clock: Clock, engine: SyncEngine) => {
        const journal = new Journal({ store, clock });
        // Ends with the engine's events.
        engine.events.subscribe((event) => journal.onEvent(event));
        return journal;
      },
      [TOKENS.store, TOKENS.clock, TOKENS.engine],
    )
    .inSingletonScope();
});
