/**
 * A service of 200 bays with Google's usual quota: connections and calls of the first start, the maximum of calls in any minute, and
 * the duration of a hint meanwhile.
 *
 * A minute of the quota takes a minute, so this takes two of them. `LOFT_SYNC_PROGRAM`: the command of another build.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { nowMs, progress, waitUntil } from '../harness/measure.mjs';
import { compared, plain } from '../harness/rows.mjs';
import { poster, signedHint, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 200;
const QUOTA = 600;
/** Latency of a call to Google. */
const GOOGLE_MS = 100;
const HINTS = 5;
const { LOFT_SYNC_PROGRAM: program } = process.env;
const OPTIONS = { ready: '/health?started=1', logLevel: 'warn', ...(program !== undefined && { program }) };

/** @param {Readonly<Record<string, number>>} calls */
const googleCalls = (calls) =>
  Object.entries(calls).reduce((sum, [name, count]) => sum + (/^(events|channels)\./.test(name) ? count : 0), 0);

async function oneService() {
  const simulators = await startSimulators({ bays: BAYS });
  const { ask } = simulators;
  await ask('answerAfter', GOOGLE_MS);
  const before = await ask('connections');
  const service = await startService(simulators, { ...OPTIONS, groups: { google: { quotaPerMinute: QUOTA } } });
  const { post, close } = poster(service.port);
  let booked = 0;
  /** Milliseconds from a hint to the insert it leads to. */
  const insertAfterHint = async () => {
    const [id] = await ask('book', booked, 1);
    booked++;
    const from = nowMs();
    await post('/webhook/uschedule', signedHint(id));
    return (await ask('arrival', 'POST', '/events(\\?|$)', from)) - from;
  };
  /** Hints, one after another, a second apart. */
  const hints = async () => {
    const times = [];
    for (let count = 0; count < HINTS; count++) {
      await pause(1000);
      times.push(await insertAfterHint());
    }
    return times;
  };
  try {
    progress('the first start');
    const duringStart = await hints();
    await waitUntil(
      async () => ((await ask('calls'))['events.list'] ?? 0) >= BAYS,
      180_000,
      'a list of every calendar',
    );
    await ask('quiet', 2000);
    const calls = await ask('calls');
    const connections = (await ask('connections')) - before;
    const busiest = await ask('busiestMinute');
    progress('idle');
    const atRest = await hints();
    progress('a full sweep');
    void service.admin('POST', '/admin/sync');
    const duringSweep = await hints();
    const ofHints = (calls['events.insert'] ?? 0) * 2;
    return [
      plain({ name: `${BAYS} bays: connections, all of the first start`, unit: '', value: connections, atMost: 32 }),
      plain({
        name: `${BAYS} bays: calls of the first start for each bay, without those of the hints`,
        unit: '',
        value: (googleCalls(calls) - ofHints) / BAYS,
        atMost: 2,
        note: JSON.stringify(calls),
      }),
      plain({
        name: `${BAYS} bays: most calls in any minute, of ${QUOTA}`,
        unit: '',
        value: busiest,
        atMost: QUOTA / 2,
      }),
      compared({
        name: 'hint → insert during the first start, against an idle service',
        unit: 'ms',
        thing: duringStart,
        yardstick: atRest,
        aim: 2,
        tail: false,
        note: duringStart.map((ms) => ms.toFixed(0)).join(', '),
      }),
      compared({
        name: 'hint → insert during a full sweep, against an idle service',
        unit: 'ms',
        thing: duringSweep,
        yardstick: atRest,
        aim: 2,
        tail: false,
      }),
    ];
  } finally {
    close();
    await service.stop();
    await simulators.close();
  }
}

export const run = oneService;
