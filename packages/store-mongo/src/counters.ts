import { ensureIndexes } from './indexes.js';
import { againstDuplicates } from './put-record.js';
import type { Collections } from './records.js';

/** The version of the documents that this program writes. */
export const SCHEMA = 1;

/**
 * Creates the missing counters. A new counter of fences starts at the highest fence of the maps and tasks: with a lower one,
 * every write would be refused.
 *
 * @param atLeast minimum of a new counter of fences
 */
export async function createCounters(collections: Collections, atLeast = 0): Promise<void> {
  const { counters } = collections;
  const fence = (await counters.findOne({ _id: 'fence' })) ? atLeast : await highestFence(collections, atLeast);
  for (const [name, value] of [
    ['schema', SCHEMA],
    ['fence', fence],
    ['ping', 0],
  ] as const) {
    await againstDuplicates(() =>
      counters.updateOne({ _id: name }, { $setOnInsert: { value } }, { upsert: true }).then(() => undefined),
    );
  }
}

/** Another program emptied or dropped the database while it is open: the indexes and counters are created again. */
export async function recreate(collections: Collections, atLeast: number): Promise<void> {
  await ensureIndexes(collections);
  await createCounters(collections, atLeast);
}

async function highestFence({ maps, tasks }: Collections, atLeast: number): Promise<number> {
  const map = await maps.findOne({}, { sort: { fence: -1 } });
  const task = await tasks.findOne({}, { sort: { fence: -1 } });
  return Math.max(atLeast, map?.fence ?? 0, task?.fence ?? 0);
}
