import { MemoryStore, type Result, type SyncError } from '@loft/sync-core';
import type { SyncStore } from '@loft/sync-core/store';
import { ContainerModule } from 'inversify';
import type { ServiceSettings, StoreLocation } from '../config/service-settings.js';
import { StartFailure } from './start-failure.js';
import { TOKENS } from './tokens.js';

/** Opens the store of the settings. The drivers of the other stores are not loaded. */
async function openStore(location: StoreLocation): Promise<SyncStore> {
  let opened: Result<SyncStore, SyncError>;
  switch (location.kind) {
    case 'memory':
      return new MemoryStore();
    case 'sqlite': {
      const { openSqliteStore } = await import('@loft/sync-store-sqlite');
      opened = await openSqliteStore(location.path);
      break;
    }
    case 'mongo': {
      const { openMongoStore } = await import('@loft/sync-store-mongo');
      opened = await openMongoStore(location.url);
      break;
    }
  }
  if (opened.err) throw new StartFailure(`The store cannot be opened. ${opened.val.message}`);
  return opened.val;
}

/** @param own a store that the host has opened and closes itself; null: the store of the settings */
export function storeModule(own: SyncStore | null): ContainerModule {
  return new ContainerModule(({ bind }) => {
    if (own !== null) {
      bind(TOKENS.store).toConstantValue(own);
      return;
    }
    bind(TOKENS.store)
      .toResolvedValue(({ store }: ServiceSettings) => openStore(store), [TOKENS.settings])
      .inSingletonScope()
      .onDeactivation((store) => store.close());
  });
}
