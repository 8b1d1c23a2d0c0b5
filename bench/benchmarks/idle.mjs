/**
 * The cost without changes: processor time, calls and store operations of one poll with 100, 1,000 and
 * 10,000 live bookings, and of one sweep of a calendar.
 *
 * The yardstick of a poll gets the same answer through the adapter alone, which parses it into bookings and compares them
 * with nothing; that of a sweep is a bare `events.list` with a sync token. Processor time is counted, because
 * waiting costs nothing. It includes all threads of this process, in which only one of the two runs at a time.
 */
import { createUScheduleBookingSystem } from '@loft/sync-uschedule';
import { alternate, cpuMs, median, progress } from '../harness/measure.mjs';
import { compared, counted, plain } from '../harness/rows.mjs';
import { bareClient } from '../systems/bare-client.mjs';
import { startSimulators } from '../systems/simulators.mjs';
import { startWatchedService } from '../systems/watched-service.mjs';

const BAYS = 10;
const SIZES = [100, 1000, 10_000];
/** Number of samples of each size, and of discarded samples before them. */
const ROUNDS = 40;
const WARM_UP = 60;
const SWEEPS = 100;
const DAY_MS = 86_400_000;
/** Linear growth, with a margin for garbage collection. */
const LINEAR = 1.1;
const STORE_READS = /^store (get|list|find|next|count)/;

/** @param {() => Promise<unknown>} work Milliseconds of processor time it takes. */
async function costOf(work) {
  const before = cpuMs();
  await work();
  return cpuMs() - before;
}

export async function run() {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startWatchedService(simulators);
  const bare = await bareClient(simulators);
  const { ask, calendarIds } = simulators;
  const { counts, runFeed } = service;
  const { baseUrl, alias, applicationKey, username, password } = simulators.uschedule;
  const login = /** @type {const} */ ({ kind: 'password', username, password });
  const timeZone = 'America/Phoenix';
  const bookings = createUScheduleBookingSystem({ baseUrl, alias, applicationKey, login, timeZone });
  const readBare = () => bookings.listBookings({ from: Date.now() - DAY_MS, to: Date.now() + 60 * DAY_MS });
  /** The operations of one run of a feed. @param {string} feed */
  const callsOf = async (feed) => {
    counts.clear();
    await runFeed(feed);
    const sum = (/** @type {(name: string) => boolean} */ fits) =>
      [...counts].reduce((total, [name, count]) => total + (fits(name) ? count : 0), 0);
    return {
      google: sum((name) => name.startsWith('google ')),
      storeWrites: sum((name) => name.startsWith('store ') && !STORE_READS.test(name)),
      // The trigger of the feed has read its state once.
      storeReads: sum((name) => STORE_READS.test(name)) - 1,
    };
  };
  const rows = [];
  /** @type {Map<number, number>} */
  const polls = new Map();
  let booked = 0;
  try {
    for (const size of SIZES) {
      progress(`${size} bookings are mirrored`);
      await ask('book', booked, size - booked);
      booked = size;
      await service.engine.syncNow();
      await service.settled();
      const { read, tasks } = await runFeed('bookings');
      if (read !== size || tasks !== 0)
        throw new Error(`of ${size} bookings ${read} were read, ${tasks} are not in sync`);
      const { thing, yardstick } = await alternate(
        { thing: () => costOf(() => runFeed('bookings')), yardstick: () => costOf(readBare) },
        { rounds: ROUNDS, warmUp: size === 10_000 ? 5 : WARM_UP },
      );
      polls.set(size, median(thing));
      const name = `a poll of ${size.toLocaleString('en-US')} bookings, nothing changed: processor time`;
      rows.push(compared({ name, unit: 'ms', thing, yardstick, aim: size === 10_000 ? 1.2 : 2, tail: false }));
    }
    const [, middle = 1, most = 1] = SIZES;
    const growth = (polls.get(most) ?? 0) / (polls.get(middle) ?? 1) / (most / middle);
    const name = 'processor time of a poll, for each booking: of 10,000 to of 1,000';
    rows.push(plain({ name, unit: '×', value: growth, atMost: LINEAR }));
    const poll = await callsOf('bookings');
    rows.push(
      counted({ name: 'a poll: store writes', unit: '', count: poll.storeWrites, least: 0 }),
      counted({ name: 'a poll: Google calls', unit: '', count: poll.google, least: 0 }),
      // The state of the feed, the maps, the dead letters.
      counted({ name: 'a poll: store reads', unit: '', count: poll.storeReads, least: 3 }),
    );

    progress('sweeps');
    const calendarId = calendarIds[0] ?? '';
    const feed = `calendar:${calendarId}`;
    await runFeed(feed);
    const { nextSyncToken } = await bare.list(undefined, calendarId);
    const { thing, yardstick } = await alternate(
      { thing: () => costOf(() => runFeed(feed)), yardstick: () => costOf(() => bare.list(nextSyncToken, calendarId)) },
      { rounds: SWEEPS, warmUp: SWEEPS },
    );
    const sweep = await callsOf(feed);
    rows.push(
      compared({
        name: 'a sweep of a calendar, nothing changed: processor time',
        unit: 'ms',
        thing,
        yardstick,
        aim: 2,
        tail: false,
      }),
      counted({ name: 'a sweep: store writes', unit: '', count: sweep.storeWrites, least: 0 }),
      counted({ name: 'a sweep: Google calls', unit: '', count: sweep.google, least: 1 }),
      counted({ name: 'a sweep: store reads', unit: '', count: sweep.storeReads, least: 1 }),
    );
    return rows;
  } finally {
    await service.stop();
    await simulators.close();
  }
}
