/**
 * From the start of the process to the end of the start, and to the first 200 of /health, and resident memory at idle: of the service from its packages and
 * from the production bundle, on each store, compared with a bare Koa process.
 *
 * The stores' files and databases exist already, as at every start except the first.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { alternate, median, nowMs, progress } from '../harness/measure.mjs';
import { compared, plain, skipped } from '../harness/rows.mjs';
import { mongoServer, NO_MONGO } from '../systems/mongo.mjs';
import { EARLIER, OF_EARLIER } from '../systems/earlier.mjs';
import { startable } from '../systems/startable.mjs';

const ROUNDS = 9;
/** V8 collects the garbage of the start when the process has had no work for more than ten seconds: its memory falls by this much. */
const COLLECTED_MB = 3;
const COLLECTED_WITHIN_MS = 45_000;
const IDLE_ROUNDS = 3;
/** What is started for its time alone. */
const HEALTH = 'the bundle, SQLite, until /health answers';
const NPM = 'npm start, SQLite';
/** The most against a bare Koa process. The packages alone are no way to start the service. */
const START_AIMS = { 'the bundle, SQLite': 1.6, [HEALTH]: 0.6, [NPM]: 2.5 };
/** 75 MB where a bare Koa process has 58. */
const MEMORY_AIMS = { 'the bundle, SQLite': 1.29 };
/** Of the bundle. */
const MOST_IDLE_MB = 75;

/** @typedef {Awaited<ReturnType<typeof startable>>} Startable */

/** The started programs by name. @param {Startable} programs @param {readonly (readonly [string, string])[]} stores */
function contestants({ bareKoa, service }, stores) {
  const services = ['bundle', 'packages'].flatMap((from) =>
    stores.map(([store, address]) => [
      `the ${from}, ${store}`,
      () => service(/** @type {'bundle' | 'packages'} */ (from), address),
    ]),
  );
  return /** @type {Record<string, Startable['bareKoa']>} */ ({
    yardstick: bareKoa,
    ...Object.fromEntries(services),
    [HEALTH]: () => service('bundle', 'sqlite', '/health'),
    [NPM]: () => service('npm start', 'sqlite'),
  });
}

/** Of the earlier build: what has an aim. @param {Startable} programs @returns {Record<string, Startable['bareKoa']>} */
const earlierContestants = ({ service }) => ({
  [`the bundle, SQLite${OF_EARLIER}`]: () => service('bundle', 'sqlite'),
  [`${HEALTH}${OF_EARLIER}`]: () => service('bundle', 'sqlite', '/health'),
  [`${NPM}${OF_EARLIER}`]: () => service('npm start', 'sqlite'),
});

/** @param {ReturnType<typeof contestants>} all */
async function startTimes(all) {
  /** @type {Record<string, number[]>} */
  const cpu = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  const starts = Object.entries(all).map(([name, start]) => [
    name,
    async () => {
      const { startMs, startCpuMs, stop } = await start();
      cpu[name].push(startCpuMs);
      await stop();
      return startMs;
    },
  ]);
  const wall = await alternate(Object.fromEntries(starts), { rounds: ROUNDS, warmUp: 1 });
  return { cpu, wall };
}

/** Resident memory in MB after the garbage of the start was collected. @param {() => Promise<number>} residentMb */
async function whenCollected(residentMb) {
  const until = nowMs() + COLLECTED_WITHIN_MS;
  let [most, last] = [0, await residentMb()];
  for (; last > most - COLLECTED_MB && nowMs() < until; last = await residentMb()) {
    most = Math.max(most, last);
    await pause(1000);
  }
  return last;
}

/** All at the same time, because that does not affect memory. @param {ReturnType<typeof contestants>} all */
async function idleMemory(all) {
  /** @type {Record<string, number[]>} */
  const memory = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  for (let round = 0; round < IDLE_ROUNDS; round++) {
    const idle = Object.entries(all).filter(([name]) => !name.startsWith(HEALTH) && !name.startsWith(NPM));
    const started = await Promise.all(idle.map(async ([name, start]) => ({ name, ...(await start()) })));
    await Promise.all(started.map(async ({ name, residentMb }) => memory[name].push(await whenCollected(residentMb))));
    await Promise.all(started.map(({ stop }) => stop()));
  }
  return memory;
}

export async function run() {
  progress('bundling');
  const programs = await startable();
  const earlier = EARLIER === undefined ? null : await startable(EARLIER);
  const server = await mongoServer();
  const database = server?.database();
  try {
    const mongo = database === undefined ? [] : [/** @type {const} */ (['MongoDB', database.url])];
    const all = {
      ...contestants(programs, [['memory', 'memory:'], ['SQLite', 'sqlite'], ...mongo]),
      ...(earlier && earlierContestants(earlier)),
    };
    progress('starting');
    const { cpu, wall } = await startTimes(all);
    progress('at idle');
    const memory = await idleMemory(all);
    /** @param {string} what @param {string} unit @param {Record<string, number[]>} samples @param {Record<string, number>} aims */
    const rows = (what, unit, { yardstick, ...samples }, aims) =>
      Object.entries(samples).flatMap(([name, thing]) => {
        const row = { name: `${what} of ${name}`, unit, thing, yardstick, aim: aims[name], tail: false };
        return thing.length === 0 ? [] : [compared(row)];
      });
    return [
      ...rows('start', 'ms', wall, START_AIMS),
      ...rows('memory at idle', 'MB', memory, MEMORY_AIMS),
      compared({
        name: 'processor time of the start of the bundle, SQLite',
        unit: 'ms',
        thing: cpu['the bundle, SQLite'],
        yardstick: cpu['yardstick'],
        aim: 1.6,
        tail: false,
      }),
      plain({
        name: 'memory of the bundle at idle, SQLite',
        unit: 'MB',
        value: median(memory['the bundle, SQLite']),
        atMost: MOST_IDLE_MB,
      }),
      ...(server === null ? [skipped({ name: 'start on MongoDB', note: NO_MONGO })] : []),
    ];
  } finally {
    await server?.close(database === undefined ? [] : [database.name]);
    await programs.close();
    await earlier?.close();
  }
}
