import type { Collection, Filter, WithoutId } from 'mongodb';
import type { Stored } from './records.js';
import { isDuplicateKey } from './store-error.js';

/** Maximum attempts of a write that conflicts with other first inserts of the same document. */
const ATTEMPTS = 5;

/** Stores a record and replaces the one with the same key, if any. */
export async function putRecord<T extends object>(
  collection: Collection<Stored<T>>,
  key: string,
  record: WithoutId<Stored<T>>,
): Promise<void> {
  await againstDuplicates(() =>
    collection.replaceOne({ _id: key } as Filter<Stored<T>>, record, { upsert: true }).then(() => undefined),
  );
}

/**
 * Runs a write that creates missing documents. If two run at once, one may fail with a duplicate key. Then the document
 * exists, and the next attempt finds it.
 */
export async function againstDuplicates(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (thrown) {
      if (attempt === ATTEMPTS || !isDuplicateKey(thrown)) throw thrown;
    }
  }
}
