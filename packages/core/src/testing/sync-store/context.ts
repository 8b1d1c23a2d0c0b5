import type { StoreCapabilities } from '../../ports/capabilities.js';
import type { WholePort } from '../whole-port.js';
import type { SyncStore } from '../../ports/sync-store.js';
import type { SuiteRunner } from '../suite-runner.js';

/**
 * Creates the stores for the suite, and describes what they support: for an absent method the suite leaves out the tests of
 * it.
 */
export interface SyncStoreFactory {
  /** The claimed capabilities (`supports`). The suite does not test the others. Default: all but `sharing`. */
  readonly supports?: Partial<StoreCapabilities>;
  /** Opens a new, empty store. */
  open(): Promise<SyncStore>;
  /** Opens the same data once more, as another replica does. Absent: one process owns the store. */
  replica?(store: SyncStore): Promise<SyncStore>;
  /** Closes the store and opens its data again, as the next process does. Absent: the store is not persistent. */
  reopen?(store: SyncStore): Promise<SyncStore>;
  /** Closes everything that `open`, `replica` and `reopen` created since the last call, and removes the data. */
  dispose(): Promise<void>;
}

/** The arguments of one part of the suite. */
export interface SyncStoreSuiteContext {
  readonly describe: SuiteRunner['describe'];
  /** Declares a test on a new, empty store. */
  readonly it: (title: string, body: (store: WholePort<SyncStore>) => Promise<void>) => void;
  readonly factory: SyncStoreFactory;
}

export function suiteContext(runner: SuiteRunner, factory: SyncStoreFactory): SyncStoreSuiteContext {
  return {
    describe: runner.describe,
    it: (title, body) =>
      runner.it(title, async () => {
        try {
          // A claimed but missing method fails the test that calls it. Factories identify their stores by identity.
          await body((await factory.open()) as WholePort<SyncStore>);
        } finally {
          await factory.dispose();
        }
      }),
    factory,
  };
}

/** Returns several handles on the same data, at least two if possible, for concurrent tests. */
export async function handles<S extends SyncStore>(store: S, factory: SyncStoreFactory): Promise<[S, S]> {
  return [store, factory.replica ? ((await factory.replica(store)) as S) : store];
}
