import { MongoBulkWriteError, type Collection, type OptionalUnlessRequiredId } from 'mongodb';
import { inBatches } from './batches.js';
import type { Stored } from './records.js';
import { isDuplicateKey } from './store-error.js';

/** Maximum number of documents in one command, which all servers accept. */
const BATCH = 1000;

/** Inserts the records whose key is free. @returns the keys of the others */
export async function insertMissing<T extends object>(
  collection: Collection<Stored<T>>,
  records: readonly Stored<T>[],
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  await inBatches(
    records,
    async (batch) => {
      try {
        await collection.insertMany(batch as OptionalUnlessRequiredId<Stored<T>>[], { ordered: false });
      } catch (thrown) {
        if (!(thrown instanceof MongoBulkWriteError) || !isDuplicateKey(thrown)) throw thrown;
        const refused = [thrown.writeErrors].flat().flatMap(({ index }) => batch[index] ?? []);
        for (const { _id: key } of refused) taken.add(key);
      }
    },
    BATCH,
  );
  return taken;
}
