import type { SyncStore } from '../../ports/sync-store.js';
import type { SuiteRunner } from '../suite-runner.js';

/**
 * Makes the stores that the suite examines, and says what they support: a method that is missing means that the
 * store cannot do that, and the suite leaves the tests of it out.
 */
export interface SyncStoreFactory {
  /** Opens a store of its own, with nothing in it. */
  open(): Promise<SyncStore>;
  /** Opens the same data once more, as another replica would. Missing: one process has the store to itself. */
  replica?(store: SyncStore): Promise<SyncStore>;
  /** Closes the store and opens its data again, as the next process would. Missing: the store forgets. */
  reopen?(store: SyncStore): Promise<SyncStore>;
  /** Closes everything that `open`, `replica` and `reopen` made since the last call, and removes the data. */
  dispose(): Promise<void>;
}

/** What one part of the suite needs. */
export interface SyncStoreSuiteContext {
  readonly describe: SuiteRunner['describe'];
  /** A test on an empty store of its own. */
  readonly it: (title: string, body: (store: SyncStore) => Promise<void>) => void;
  readonly factory: SyncStoreFactory;
}

export function suiteContext(runner: SuiteRunner, factory: SyncStoreFactory): SyncStoreSuiteContext {
  return {
    describe: runner.describe,
    it: (title, body) =>
      runner.it(title, async () => {
        try {
          await body(await factory.open());
        } finally {
          await factory.dispose();
        }
      }),
    factory,
  };
}

/** As many handles on the same data as can be had, at least two: for tests of what happens side by side. */
export async function handles(store: SyncStore, factory: SyncStoreFactory): Promise<[SyncStore, SyncStore]> {
  return [store, factory.replica ? await factory.replica(store) : store];
}
