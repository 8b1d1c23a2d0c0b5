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
import { EARLIER_SERVICE, OF_EARLIER } from '../systems/earlier.mjs';
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

/** A build of the service with simulators of its own. @param {object} build Options of `startService`. */
async function studio(build) {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startService(simulators, { push: false, ...build });
  const { ask } = simulators;
  let booked = 0;
  /** @type {number[]} */
  const cpu = [];
  return {
    simulators,
    /** Processor time of each booking, in ms. */
    cpu,
    /** From the poll to the last completed task, in ms. @param {number} count */
    mirror: async (count) => {
      await ask('book', booked, count);
      booked += count;
      await ask('forgetArrivals');
      const cpuBefore = await cpuMsOf(service.pid);
      const startedAt = nowMs();
      await service.admin('POST', '/admin/sync');
      await ask('arrival', 'POST', INSERTS, startedAt, count);
      await service.settled();
      const ms = nowMs() - startedAt;
      cpu.push(((await cpuMsOf(service.pid)) - cpuBefore) / count);
      const mirrored = await ask('mirrored');
      if (mirrored !== booked) throw new Error(`${mirrored} of ${booked} bookings are mirrored`);
      return ms;
    },
    close: async () => {
      await service.stop();
      await simulators.close();
    },
  };
}

/**
 * The bare client uses the simulators of this build: the list that the service reads grows by each round, and the bare client
 * reads none.
 *
 * @param {number} delayMs Google's latency
 */
async function inTurn(delayMs) {
  const now = await studio({});
  const earlier = EARLIER_SERVICE && (await studio(EARLIER_SERVICE));
  const studios = earlier === null ? [now] : [now, earlier];
  const bare = await bareClient(now.simulators);
  const bareCpu = /** @type {number[]} */ ([]);
  let inserted = 0;
  /** @param {number} count */
  const insert = async (count) => {
    const until = inserted + count;
    const cpuBefore = cpuMs();
    const startedAt = nowMs();
    const hand = async () => {
      while (inserted < until) {
        const nth = inserted++;
        await bare.insert({ id: `bare${nth}bench`, start: Date.now() });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, hand));
    const ms = nowMs() - startedAt;
    bareCpu.push((cpuMs() - cpuBefore) / count);
    return ms;
  };
  /** @param {(simulators: import('../systems/simulators.mjs').Simulators) => Promise<unknown>} work */
  const onAll = (work) => Promise.all(studios.map(({ simulators }) => work(simulators)));
  try {
    progress('all warm up');
    for (const { mirror } of studios) await mirror(BOOKINGS / 2);
    await insert(BOOKINGS / 2);
    progress(delayMs === 0 ? 'a calendar that answers at once' : 'a calendar that takes its time');
    await onAll(({ ask }) => ask('answerAfter', delayMs));
    const ms = await alternate(
      {
        thing: () => now.mirror(BOOKINGS),
        yardstick: () => insert(BOOKINGS),
        ...(earlier && { earlier: () => earlier.mirror(BOOKINGS) }),
      },
      { rounds: ROUNDS, between: () => onAll(({ ask }) => ask('quiet', 50)) },
    );
    /** Without the rounds of the warm-up. @param {readonly number[]} samples */
    const measured = (samples) => samples.slice(1);
    return {
      thing: { ms: ms.thing, cpu: measured(now.cpu) },
      yardstick: { ms: ms.yardstick, cpu: measured(bareCpu) },
      earlier: earlier && { ms: ms.earlier ?? [], cpu: measured(earlier.cpu) },
    };
  } finally {
    for (const { close } of studios) await close();
  }
}

export async function run() {
  const fast = await inTurn(0);
  const slow = await inTurn(SLOW_MS);
  const name = `${BOOKINGS.toLocaleString('en-US')} new bookings → mirrored, SQLite, durable`;
  /** @param {'thing' | 'earlier'} build @param {string} suffix */
  const rowsOf = (build, suffix) => {
    const [atOnce, later] = [fast[build], slow[build]];
    if (atOnce === null || later === null) return [];
    const row = { unit: 'ms', tail: false };
    const aims = build === 'thing' ? [{ aim: 1 }, { aim: 1.08 }] : [];
    /** @param {'ms' | 'cpu'} what @param {typeof fast} run @param {{ ms: number[], cpu: number[] }} samples */
    const pair = (what, run, samples) => ({ thing: samples[what], yardstick: run.yardstick[what] });
    return [
      compared({ ...row, name: `${name}; Google answers at once${suffix}`, ...aims[0], ...pair('ms', fast, atOnce) }),
      compared({
        ...row,
        name: `${name}; Google answers after ${SLOW_MS} ms${suffix}`,
        ...aims[1],
        ...pair('ms', slow, later),
      }),
      compared({
        ...row,
        name: `the same: processor time for each booking, against that of a bare insert${suffix}`,
        thing: [...atOnce.cpu, ...later.cpu],
        yardstick: [...fast.yardstick.cpu, ...slow.yardstick.cpu],
      }),
    ];
  };
  return [...rowsOf('thing', ''), ...rowsOf('earlier', OF_EARLIER)];
}
