import type { Collection, Filter, WithoutId } from 'mongodb';
import type { Stored } from './records.js';
import { isDuplicateKey } from './store-error.js';

/** How often a write is tried that lost against others storing the same document for the first time. */
const ATTEMPTS = 5;

/** Stores a record in the place of the one under its key, if there is one. */
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
 * Runs a write that makes documents where there are none. Where two do that at once, one of them may be told of a
 * duplicate key; then the document is there, and the next time it is found.
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
