import { MemoryStore, type SyncStore } from '@loft/sync-core';
import { ContainerModule } from 'inversify';
import type { ServiceSettings, StoreLocation } from '../config/service-settings.js';
import { StartFailure } from './start-failure.js';
import { TOKENS } from './tokens.js';

/** Opens the store that is asked for; the drivers of the others are not even loaded. */
async function openStore(location: StoreLocation): Promise<SyncStore> {
  switch (location.kind) {
    case 'memory':
      return new MemoryStore();
    case 'sqlite': {
      throw new StartFailure(`x ${location.path}`);
    }
    case 'mongo': {
      throw new StartFailure(`x ${location.url}`);
    }
  }
}

export const storeModule: ContainerModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.store)
    .toResolvedValue(({ store }: ServiceSettings) => openStore(store), [TOKENS.settings])
    .inSingletonScope()
    .onDeactivation((store) => store.close());
});
