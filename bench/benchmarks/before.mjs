/**
 * This build against an earlier one: processor time of the whole process for each mirrored booking of a backfill, and for each
 * calendar of an idle pass. `LOFT_SYNC_BEFORE`: the folder of the earlier build, built. Each has simulators of its own, and they
 * take turns.
 *
 * Two processes of the same build differ by up to a tenth for as long as they run. So each build is started several times, and
 * either one is the first of its pair.
 */
import { alternate, median, nowMs, progress } from '../harness/measure.mjs';
import { compared, skipped } from '../harness/rows.mjs';
import { EARLIER_SERVICE } from '../systems/earlier.mjs';
import { cpuMsOf, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const NAMES = {
  backfill: 'a mirrored booking, backfill of 2,000, SQLite, durable: processor time',
  idle: 'an idle pass of 200 calendars, for each: processor time',
};
const BOOKINGS = 2000;
const BACKFILL_BAYS = 20;
const BACKFILL_ROUNDS = 4;
const INSERTS = '^/calendar/v3/calendars/[^/]+/events\\?';
const IDLE_BAYS = 200;
const IDLE_PASSES = 5;
const IDLE_ROUNDS = 8;
/** Pairs of processes. */
const PAIRS = 4;

/** @param {object} build Options of `startService`. @param {number} bays */
async function contestant(build, bays) {
  const simulators = await startSimulators({ bays });
  const service = await startService(simulators, { push: false, ...build });
  const { ask } = simulators;
  let booked = 0;
  /** @param {() => Promise<unknown>} work */
  const costOf = async (work) => {
    await ask('quiet', 50);
    const startedAt = await cpuMsOf(service.pid);
    await work();
    await ask('quiet', 50);
    return (await cpuMsOf(service.pid)) - startedAt;
  };
  const pass = async () => {
    const lists = (await ask('calls'))['events.list'] ?? 0;
    await service.admin('POST', '/admin/sync');
    while (((await ask('calls'))['events.list'] ?? 0) < lists + bays) await ask('quiet', 5);
  };
  return {
    mirror: async () => {
      await ask('book', booked, BOOKINGS);
      booked += BOOKINGS;
      await ask('forgetArrivals');
      const ms = await costOf(async () => {
        const startedAt = nowMs();
        await service.admin('POST', '/admin/sync');
        await ask('arrival', 'POST', INSERTS, startedAt, BOOKINGS);
        await service.settled();
      });
      const mirrored = await ask('mirrored');
      if (mirrored !== booked) throw new Error(`${mirrored} of ${booked} bookings are mirrored`);
      return ms / BOOKINGS;
    },
    idle: async () => {
      const ms = await costOf(async () => {
        for (let count = 0; count < IDLE_PASSES; count++) await pass();
      });
      return ms / IDLE_PASSES / bays;
    },
    stop: async () => {
      await service.stop();
      await simulators.close();
    },
  };
}

/** @param {object} before Options of `startService`. @param {number} bays @param {'mirror' | 'idle'} what @param {number} rounds */
async function inTurn(before, bays, what, rounds) {
  /** @type {{ thing: number[], yardstick: number[] }} */
  const samples = { thing: [], yardstick: [] };
  for (let pair = 0; pair < PAIRS; pair++) {
    const isNowFirst = pair % 2 === 0;
    const first = await contestant(isNowFirst ? {} : before, bays);
    const second = await contestant(isNowFirst ? before : {}, bays);
    const [now, earlier] = isNowFirst ? [first, second] : [second, first];
    try {
      const { thing, yardstick } = await alternate(
        { thing: now[what], yardstick: earlier[what] },
        { rounds, warmUp: 1 },
      );
      samples.thing.push(...thing);
      samples.yardstick.push(...yardstick);
      progress(`${median(thing).toFixed(2)} ms, before ${median(yardstick).toFixed(2)} ms`);
    } finally {
      await first.stop();
      await second.stop();
    }
  }
  return samples;
}

export async function run() {
  if (EARLIER_SERVICE === null) {
    return Object.values(NAMES).map((name) => skipped({ name, note: 'LOFT_SYNC_BEFORE names no folder' }));
  }
  progress('a backfill');
  const mirrored = await inTurn(EARLIER_SERVICE, BACKFILL_BAYS, 'mirror', BACKFILL_ROUNDS);
  progress('idle passes');
  const idle = await inTurn(EARLIER_SERVICE, IDLE_BAYS, 'idle', IDLE_ROUNDS);
  const row = { unit: 'ms', tail: false };
  return [
    compared({ ...row, name: NAMES.backfill, aim: 0.5, ...mirrored }),
    compared({ ...row, name: NAMES.idle, aim: 0.4, ...idle }),
  ];
}
