import type { Clock, SyncEngine } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { Journal } from '@loft/sync-core/reports';
import { ContainerModule, type ServiceIdentifier } from 'inversify';
import { TOKENS } from './tokens.js';

export const JOURNAL: ServiceIdentifier<Journal> = Symbol.for('loft-sync/journal');

/** Binds the journal, which writes to the store on its own timer. It must be stopped before the store is closed. */
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
