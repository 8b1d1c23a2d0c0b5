import type { StoreCapabilities } from '../../ports/capabilities.js';
import type { WholePort } from '../whole-port.js';
import type { SyncStore } from '../../ports/sync-store.js';
import type { SuiteRunner } from '../suite-runner.js';

/**
 * Makes the stores that the suite examines, and says what they support: a method that is missing means that the
 * store cannot do that, and the suite leaves the tests of it out.
 */
export interface SyncStoreFactory {
  /** What the stores say of themselves in `supports`: of the rest nothing is asked. Default: everything but `sharing`. */
  readonly supports?: Partial<StoreCapabilities>;
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
  readonly it: (title: string, body: (store: WholePort<SyncStore>) => Promise<void>) => void;
  readonly factory: SyncStoreFactory;
}

export function suiteContext(runner: SuiteRunner, factory: SyncStoreFactory): SyncStoreSuiteContext {
  return {
    describe: runner.describe,
    it: (title, body) =>
      runner.it(title, async () => {
        try {
          // A method that is claimed and missing fails the test that calls it. Factories tell their stores by identity.
          await body((await factory.open()) as WholePort<SyncStore>);
        } finally {
          await factory.dispose();
        }
      }),
    factory,
  };
}

/** As many handles on the same data as can be had, at least two: for tests of what happens side by side. */
export async function handles<S extends SyncStore>(store: S, factory: SyncStoreFactory): Promise<[S, S]> {
  return [store, factory.replica ? ((await factory.replica(store)) as S) : store];
}
