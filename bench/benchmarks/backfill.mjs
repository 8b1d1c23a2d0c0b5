/**
 * The duration of the first mirroring of a studio's bookings, compared with a bare client
 * that inserts the same number of events with the same concurrency. The service adds the list, the decisions, the log, and
 * durable writes, so that a crash loses nothing.
 *
 * It runs once with a calendar that answers as fast as the simulator can, which is limited by processors and the
 * disk, and once with one that has some of Google's latency. Neither of the two gets notifications (no watch
 * channels), because the bare client would have to answer them too. Google's quota is off, because both would wait for it.
 */
import { alternate, cpuMs, nowMs, progress } from '../harness/measure.mjs';
import { compared } from '../harness/rows.mjs';
import { bareClient } from '../systems/bare-client.mjs';
import { cpuMsOf, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 20;
const BOOKINGS = 2000;
const ROUNDS = 5;
/** The service's concurrency. */
const CONCURRENCY = 16;
/** Google's latency is 100 ms and more. */
const SLOW_MS = 20;
const INSERTS = '^/calendar/v3/calendars/[^/]+/events\\?';

/**
 * Both with simulators of their own: the list that the service reads grows by each round, and the bare client reads none.
 *
 * @param {number} delayMs Google's latency
 */
async function inTurn(delayMs) {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startService(simulators, { push: false });
  const bare = await bareClient(simulators);
  const { ask } = simulators;
  let booked = 0;
  let inserted = 0;
  /** From the poll to the last completed task. @param {number} count */
  const mirror = async (count) => {
    await ask('book', booked, count);
    booked += count;
    await ask('forgetArrivals');
    const startedAt = nowMs();
    await service.admin('POST', '/admin/sync');
    await ask('arrival', 'POST', INSERTS, startedAt, count);
    await service.settled();
    return nowMs() - startedAt;
  };
  /** @param {number} count */
  const insert = async (count) => {
    const until = inserted + count;
    const startedAt = nowMs();
    const hand = async () => {
      while (inserted < until) {
        const nth = inserted++;
        await bare.insert({ id: `bare${nth}bench`, start: Date.now() });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, hand));
    return nowMs() - startedAt;
  };
  const cpu = { thing: /** @type {number[]} */ ([]), yardstick: /** @type {number[]} */ ([]) };
  const contestants = {
    thing: async () => {
      const before = await cpuMsOf(service.pid);
      const ms = await mirror(BOOKINGS);
      cpu.thing.push(((await cpuMsOf(service.pid)) - before) / BOOKINGS);
      return ms;
    },
    yardstick: async () => {
      const before = cpuMs();
      const ms = await insert(BOOKINGS);
      cpu.yardstick.push((cpuMs() - before) / BOOKINGS);
      return ms;
    },
  };
  try {
    progress('both warm up');
    await mirror(BOOKINGS / 2);
    await insert(BOOKINGS / 2);
    progress(delayMs === 0 ? 'a calendar that answers at once' : 'a calendar that takes its time');
    await ask('answerAfter', delayMs);
    const ms = await alternate(contestants, { rounds: ROUNDS, between: () => ask('quiet', 50) });
    const mirrored = await ask('mirrored');
    if (mirrored !== booked) throw new Error(`${mirrored} of ${booked} bookings are mirrored`);
    return { ms, cpu };
  } finally {
    await service.stop();
    await simulators.close();
  }
}

export async function run() {
  const fast = await inTurn(0);
  const slow = await inTurn(SLOW_MS);
  const name = `${BOOKINGS.toLocaleString('en-US')} new bookings → mirrored, SQLite, durable`;
  const row = { unit: 'ms', tail: false };
  return [
    compared({ ...row, name: `${name}; Google answers at once`, aim: 1, ...fast.ms }),
    compared({ ...row, name: `${name}; Google answers after ${SLOW_MS} ms`, aim: 1.08, ...slow.ms }),
    compared({
      ...row,
      name: 'the same: processor time for each booking, against that of a bare insert',
      thing: [...fast.cpu.thing, ...slow.cpu.thing],
      yardstick: [...fast.cpu.yardstick, ...slow.cpu.yardstick],
    }),
  ];
}
