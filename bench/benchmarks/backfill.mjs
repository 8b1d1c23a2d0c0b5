/**
 * How long a studio's bookings take to be mirrored when the service meets them for the first time, against the bare client
 * inserting as many events, as many at the same time. What the service adds is the list, the decisions, the log, and what it
 * writes down durably, so that a crash costs nothing.
 *
 * Once with a calendar that answers as fast as the simulator can, which leaves nothing to wait for but processors and the
 * disk; once with one that takes a little of the time that Google takes. Neither of the two is told of changes (no watch
 * channels): the bare client would have to answer as many notifications. Google's quota is off: both would wait for it.
 */
import { alternate, nowMs, progress } from '../harness/measure.mjs';
import { compared } from '../harness/rows.mjs';
import { bareClient } from '../systems/bare-client.mjs';
import { startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 20;
const BOOKINGS = 2000;
const ROUNDS = 5;
/** As many tasks as the service works on at the same time. */
const CONCURRENCY = 16;
/** Google takes 100 ms and more. */
const SLOW_MS = 20;
const INSERTS = '^/calendar/v3/calendars/[^/]+/events\\?';

export async function run() {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startService(simulators, { push: false });
  const bare = await bareClient(simulators);
  const { ask } = simulators;
  let booked = 0;
  let inserted = 0;
  /** From the poll to the last task done. @param {number} count */
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
  const contestants = { thing: () => mirror(BOOKINGS), yardstick: () => insert(BOOKINGS) };
  const between = () => ask('quiet', 50);
  try {
    progress('both warm up');
    await mirror(BOOKINGS / 2);
    await insert(BOOKINGS / 2);
    progress('a calendar that answers at once');
    const fast = await alternate(contestants, { rounds: ROUNDS, between });
    progress('a calendar that takes its time');
    await ask('answerAfter', SLOW_MS);
    const slow = await alternate(contestants, { rounds: ROUNDS, between });
    const mirrored = await ask('mirrored');
    if (mirrored !== booked) throw new Error(`${mirrored} of ${booked} bookings are mirrored`);
    const name = `${BOOKINGS.toLocaleString('en-US')} new bookings → mirrored, SQLite, durable`;
    const row = { unit: 'ms', aim: 1.15, tail: false };
    return [
      compared({ ...row, name: `${name}; Google answers at once`, ...fast }),
      compared({ ...row, name: `${name}; Google answers after ${SLOW_MS} ms`, ...slow }),
    ];
  } finally {
    await service.stop();
    await simulators.close();
  }
}
