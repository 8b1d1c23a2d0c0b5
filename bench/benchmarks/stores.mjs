/**
 * All operations of a task (added, claimed, its map written, completed) on each store, compared with the same statements
 * on the bare driver, on a database that the store has created: equally durable, with the same indexes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '@loft/sync-core';
import { openMongoStore } from '@loft/sync-store-mongo';
import { openSqliteStore } from '@loft/sync-store-sqlite';
import { alternate, nowMs, progress } from '../harness/measure.mjs';
import { compared, skipped } from '../harness/rows.mjs';
import { bareMemoryLife, bareMongoLife, bareSqliteLife } from '../systems/bare-lives.mjs';
import { mongoServer, NO_MONGO } from '../systems/mongo.mjs';
import { mapRecord, newTask, NOW } from '../systems/records.mjs';

const AIM = 1.3;
/** @param {string} store */
const nameOf = (store) => `one task, from add to complete, on ${store}`;

/** @param {import('@loft/sync-core/store').SyncStore} store */
const storeLife = (store) => async (/** @type {number} */ index) => {
  (await store.addTasks([newTask(index)], NOW)).unwrap();
  const [task] = (await store.claimTasks({ owner: 'bench', now: NOW, leaseMs: 30_000, limit: 1 })).unwrap();
  (await store.putMap({ ...mapRecord(index), fence: task.fence })).unwrap();
  (await store.completeTask(task, NOW, NOW)).unwrap();
};

/**
 * Milliseconds per task; a sample is the mean of several.
 *
 * @param {string} store
 * @param {{ thing: (index: number) => Promise<void>, yardstick: (index: number) => Promise<void> }} lives
 * @param {{ lives: number, rounds: number, warmUp: number }} size
 */
async function comparedLives(store, { thing, yardstick }, { lives, rounds, warmUp }) {
  progress(store);
  /** @param {(index: number) => Promise<void>} live */
  const several = (live) => async (/** @type {number} */ round) => {
    const startedAt = nowMs();
    for (let index = round * lives; index < (round + 1) * lives; index++) await live(index);
    return ((nowMs() - startedAt) / lives) * 1000;
  };
  const samples = await alternate({ thing: several(thing), yardstick: several(yardstick) }, { rounds, warmUp });
  return compared({ name: nameOf(store), unit: 'µs', ...samples, aim: AIM });
}

async function onMemory() {
  const lives = { thing: storeLife(new MemoryStore()), yardstick: bareMemoryLife().live };
  return comparedLives('memory', lives, { lives: 500, rounds: 200, warmUp: 40 });
}

async function onSqlite() {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  try {
    const bareFile = join(directory, 'bare.db');
    await (await openSqliteStore(bareFile)).unwrap().close();
    const store = (await openSqliteStore(join(directory, 'store.db'))).unwrap();
    const bare = bareSqliteLife(bareFile);
    try {
      const lives = { thing: storeLife(store), yardstick: bare.live };
      return await comparedLives('SQLite', lives, { lives: 10, rounds: 150, warmUp: 20 });
    } finally {
      bare.close();
      await store.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function onMongo() {
  const server = await mongoServer();
  if (server === null) return skipped({ name: nameOf('MongoDB'), note: NO_MONGO });
  const [ours, bare] = [server.database(), server.database()];
  try {
    await (await openMongoStore(bare.url)).unwrap().close();
    const store = (await openMongoStore(ours.url)).unwrap();
    const lives = { thing: storeLife(store), yardstick: bareMongoLife(server.client.db(bare.name)).live };
    const row = await comparedLives('MongoDB', lives, { lives: 2, rounds: 150, warmUp: 15 });
    await store.close();
    return { ...row, note: server.source };
  } finally {
    await server.close([ours.name, bare.name]);
  }
}

export async function run() {
  return [await onMemory(), await onSqlite(), await onMongo()];
}
