/**
 * The cost of a large store: the queries of an idle poll, and the claim of a task, with 100,000 maps of 1,000 bays in
 * the store, compared with 1,000 maps of 10 bays. Both return the same number of records, so a difference is due to the size.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, nowMs, progress } from '../harness/measure.mjs';
import { compared, skipped } from '../harness/rows.mjs';
import { grownMongo, grownSqlite, periodOf } from '../systems/grown-stores.mjs';
import { mongoServer, NO_MONGO } from '../systems/mongo.mjs';
import { newTask, NOW } from '../systems/records.mjs';

const LARGE = { maps: 100_000, bays: 1000, waiting: 10_000 };
const SMALL = { maps: 1000, bays: 10, waiting: 100 };
/** Equal, except for a deeper tree and cache misses. */
const AIM = 1.3;
const WINDOW_MAPS = 500;
const LEASE_MS = 30_000;

/**
 * @typedef {import('@loft/sync-core/store').SyncStore} SyncStore
 * @typedef {{ store: SyncStore, size: typeof LARGE }} Side
 * @typedef {{ name: string, ask: (side: Side, round: number) => Promise<number>, times?: number, scans?: boolean, before?: (side: Side) => Promise<void> }} Question
 *   `ask` returns its duration in milliseconds; `times`: calls per sample; `scans`: FerretDB reads the whole collection for it; `before`: done once on either side
 */

/** The duration of an answer, which must have `expected` records. @param {number} expected @param {() => Promise<number>} ask */
async function msOf(expected, ask) {
  const startedAt = nowMs();
  const found = await ask();
  const took = nowMs() - startedAt;
  if (Math.abs(found - expected) > 1) throw new Error(`${found} found, ${expected} expected`);
  return took;
}

/** A task is added and completed around it; the claim alone is measured. @param {Side} side @param {number} round */
async function claim({ store }, round) {
  const task = newTask(5_000_000 + round);
  (await store.addTasks([task], NOW)).unwrap();
  const request = { owner: 'bench', now: NOW, leaseMs: LEASE_MS, limit: 16 };
  /** @type {readonly import('@loft/sync-core').ClaimedTask[]} */
  let claimed = [];
  const took = await msOf(1, async () => (claimed = (await store.claimTasks(request)).unwrap()).length);
  for (const task of claimed) (await store.completeTask(task, NOW, NOW)).unwrap();
  return took;
}

/** The mean of several, because one is too short to be measured. @param {Question} question @param {Side} side @param {number} round */
async function meanUs({ ask, times = 1 }, side, round) {
  let ms = 0;
  for (let time = 0; time < times; time++) ms += await ask(side, round * times + time);
  return (ms / times) * 1000;
}

/** @type {readonly Question[]} */
const QUESTIONS = [
  {
    name: "one bay's window",
    scans: true,
    times: 5,
    ask: ({ store, size }) => {
      const period = periodOf(size, size.maps / 2);
      return msOf(50, async () => (await store.listMaps({ bay: '7', period })).unwrap().length);
    },
  },
  {
    name: `a window of ${WINDOW_MAPS} maps`,
    scans: true,
    ask: ({ store, size }) => {
      const period = periodOf(size, WINDOW_MAPS);
      return msOf(WINDOW_MAPS, async () => (await store.listMaps({ period })).unwrap().length);
    },
  },
  {
    name: 'the map of an event',
    scans: true,
    times: 20,
    ask: ({ store }, round) =>
      msOf(1, async () => ((await store.findMapByEvent(`loft${700_000 + (round % 1000)}`)).unwrap() ? 1 : -1)),
  },
  {
    name: 'the map of an appointment',
    times: 20,
    ask: ({ store }, round) =>
      msOf(1, async () => ((await store.getMap(String(700_000 + (round % 1000)))).unwrap() ? 1 : -1)),
  },
  { name: 'the claim of a task', ask: claim },
  {
    name: 'the claim of a task, with 10,000 others waiting against 100',
    scans: true,
    before: async ({ store, size }) => {
      const tasks = Array.from({ length: size.waiting }, (_, index) => newTask(2_000_000 + index, NOW + LEASE_MS));
      (await store.addTasks(tasks, NOW)).unwrap();
    },
    ask: claim,
  },
];

/**
 * @param {string} where @param {{ large: SyncStore, small: SyncStore }} stores @param {{ scans: boolean, note: string }} server
 */
async function comparedSizes(where, stores, { scans, note }) {
  const large = { store: stores.large, size: LARGE };
  const small = { store: stores.small, size: SMALL };
  const rows = [];
  for (const question of QUESTIONS) {
    const name = `${where}: ${question.name}`;
    progress(name);
    if (scans && question.scans === true) {
      rows.push(skipped({ name, note: `${note} has no index but that of _id, and reads the whole collection` }));
      continue;
    }
    for (const side of [large, small]) await question.before?.(side);
    const samples = await alternate(
      { thing: (round) => meanUs(question, large, round), yardstick: (round) => meanUs(question, small, round) },
      { rounds: 150, warmUp: 30 },
    );
    rows.push(compared({ name, unit: 'µs', ...samples, note, aim: AIM }));
  }
  return rows;
}

async function onSqlite() {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  try {
    progress('SQLite: filling');
    const large = await grownSqlite(join(directory, 'large.db'), LARGE);
    const small = await grownSqlite(join(directory, 'small.db'), SMALL);
    const rows = await comparedSizes('SQLite', { large, small }, { scans: false, note: '' });
    await large.close();
    await small.close();
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function onMongo() {
  const server = await mongoServer();
  if (server === null) return [skipped({ name: 'MongoDB', note: NO_MONGO })];
  const databases = [server.database(), server.database()];
  try {
    progress('MongoDB: filling');
    const large = await grownMongo(server.client, databases[0], LARGE);
    const small = await grownMongo(server.client, databases[1], SMALL);
    const about = { scans: server.isFerretdb, note: server.source };
    const rows = await comparedSizes('MongoDB', { large, small }, about);
    await large.close();
    await small.close();
    return rows;
  } finally {
    await server.close(databases.map(({ name }) => name));
  }
}

export async function run() {
  return [...(await onSqlite()), ...(await onMongo())];
}
