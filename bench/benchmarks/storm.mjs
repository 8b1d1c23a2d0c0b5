/**
 * The effect of a storm: 10,000 hints for 200 appointments from 32 senders, then 2,000 notifications for 2 calendars,
 * compared with a bare Koa process that checks the same signatures and does nothing. The work must depend on the changes,
 * not on the requests; memory must not grow; and every caller must get a fast answer.
 */
import { alternate, median, nowMs, progress, waitUntil } from '../harness/measure.mjs';
import { compared, counted, plain } from '../harness/rows.mjs';
import { startBareHooks } from '../systems/bare-hooks.mjs';
import { poster, residentMbOf, signedHint, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 2;
const APPOINTMENTS = 200;
const HINTS = 10_000;
const NOTIFICATIONS = 2000;
const SENDERS = 32;
const ROUNDS = 10;
/** A single storm ends within two seconds. */
const STORMS = 5;
/** Rounds before memory is measured, so that compiled code and caches exist. */
const SETTLED_ROUNDS = ROUNDS;
/** Maximum reads per appointment for 50 hints: the debounce (ADR 16) allows some during and after the storm. */
const READS_EACH = 10;
/** Maximum reads of a calendar during and after a storm of notifications. */
const LISTS_EACH = 5;
const INSERTS = '^/calendar/v3/calendars/[^/]+/events\\?';

/** Sends all requests with limited concurrency. @param {number} count @param {(nth: number) => Promise<number>} send @returns {Promise<number[]>} The duration of each. */
async function storm(count, send) {
  /** @type {number[]} */
  const took = [];
  let next = 0;
  const sender = async () => {
    while (next < count) {
      const nth = next++;
      const startedAt = nowMs();
      const status = await send(nth);
      took.push(nowMs() - startedAt);
      if (status !== 202 && status !== 204) throw new Error(`request ${nth} was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return took;
}

export async function run() {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startService(simulators);
  const bareHooks = await startBareHooks();
  const { ask } = simulators;
  const thing = poster(service.port, SENDERS);
  const bare = poster(bareHooks.port, SENDERS);
  /** Sends to both in turn, and records the time of every answer. @param {number} count @param {string} path @param {(nth: number) => { headers: Record<string, string>, body?: string }} messageOf */
  const both = async (count, path, messageOf) => {
    /** @type {Record<'thing' | 'yardstick', number[]>} */
    const took = { thing: [], yardstick: [] };
    /** @type {number[]} */
    const memory = [];
    const perRound = count / ROUNDS;
    const send =
      (/** @type {keyof typeof took} */ name, /** @type {typeof thing} */ { post }) =>
      async () => {
        took[name].push(...(await storm(perRound, (nth) => post(path, messageOf(nth)))));
        if (name === 'thing') memory.push(await residentMbOf(service.pid));
      };
    await alternate(
      { thing: send('thing', thing), yardstick: send('yardstick', bare) },
      { rounds: ROUNDS, between: () => {} },
    );
    return { ...took, memory };
  };
  /** 10,000 hints for 200 new bookings. @param {number} nth */
  const hintStorm = async (nth) => {
    /** @type {readonly string[]} */
    const ids = await ask('book', nth * APPOINTMENTS, APPOINTMENTS);
    await ask('forgetArrivals');
    const startedAt = nowMs();
    const took = await both(HINTS, '/webhook/uschedule', (index) => signedHint(ids[index % APPOINTMENTS] ?? ''));
    await ask('arrival', 'POST', INSERTS, startedAt, APPOINTMENTS);
    await service.settled();
    const calls = await ask('calls');
    return { ...took, inserts: calls['events.insert'] ?? 0, reads: calls['getappointment'] ?? 0 };
  };
  try {
    progress('warm up');
    const warm = await ask('book', STORMS * APPOINTMENTS, APPOINTMENTS);
    const hintOf = (/** @type {number} */ nth) => signedHint(warm[nth % APPOINTMENTS]);
    for (const { post } of [thing, bare]) await storm(2000, (nth) => post('/webhook/uschedule', hintOf(nth)));
    await service.settled();
    await ask('quiet', 100);

    const storms = [];
    for (let nth = 0; nth < STORMS; nth++) {
      progress(`hints, storm ${nth + 1} of ${STORMS}`);
      storms.push(await hintStorm(nth));
    }
    const hints = {
      thing: storms.flatMap(({ thing: took }) => took),
      yardstick: storms.flatMap(({ yardstick: took }) => took),
      memory: storms.flatMap(({ memory: after }) => after),
      inserts: Math.max(...storms.map(({ inserts }) => inserts)),
      reads: median(storms.map(({ reads }) => reads)),
    };

    progress('notifications');
    // Notifications of our own writes have been processed.
    await ask('quiet', 3500);
    await ask('forgetArrivals');
    /** @type {readonly { id: string, token: string, resourceId: string }[]} */
    const channels = await ask('channels');
    const notifications = await both(NOTIFICATIONS, '/webhook/gcal', (nth) => {
      const { id, token, resourceId } = channels[nth % channels.length] ?? { id: '', token: '', resourceId: '' };
      return {
        headers: {
          'content-length': '0',
          'x-goog-channel-id': id,
          'x-goog-channel-token': token,
          'x-goog-resource-id': resourceId,
          'x-goog-resource-state': 'exists',
        },
      };
    });
    await waitUntil(async () => ((await ask('calls'))['events.list'] ?? 0) >= BAYS, 10_000, 'a read of each calendar');
    await ask('quiet', 3500);
    const lists = (await ask('calls'))['events.list'] ?? 0;

    const memory = [...hints.memory, ...notifications.memory];
    const growth = (memory.at(-1) ?? 0) / (memory[SETTLED_ROUNDS - 1] ?? 1);
    const row = { unit: 'ms', aimP99: 3 };
    return [
      compared({ ...row, name: 'a hint → its answer', thing: hints.thing, yardstick: hints.yardstick }),
      plain({ name: 'the slowest answer to a hint', unit: 'ms', value: Math.max(...hints.thing) }),
      counted({
        name: `${HINTS.toLocaleString('en-US')} hints for ${APPOINTMENTS} new bookings: inserts`,
        unit: '',
        count: hints.inserts,
        least: APPOINTMENTS,
      }),
      plain({
        name: `${HINTS.toLocaleString('en-US')} hints for ${APPOINTMENTS} new bookings: bookings read`,
        unit: '',
        value: hints.reads,
        atMost: READS_EACH * APPOINTMENTS,
      }),
      compared({
        ...row,
        name: 'a notification → its answer',
        thing: notifications.thing,
        yardstick: notifications.yardstick,
      }),
      plain({
        name: `${NOTIFICATIONS.toLocaleString('en-US')} notifications for ${BAYS} calendars: calendars read`,
        unit: '',
        value: lists,
        atMost: LISTS_EACH * BAYS,
      }),
      plain({
        name: 'resident memory after all storms, to after the first one',
        unit: '×',
        value: growth,
        atMost: 1.2,
      }),
    ];
  } finally {
    thing.close();
    bare.close();
    await bareHooks.close();
    await service.stop();
    await simulators.close();
  }
}
