/**
 * The same work for the service and for vdirsyncer 0.21, the usual synchroniser of folders and CalDAV servers, with Radicale: 500
 * bookings in two calendars, changes of either side, and nothing to do. Both look when they are asked to. Calls are those to the
 * calendars, processor time is that of the synchroniser alone, all of its processes and threads.
 *
 * It is a comparison of magnitudes, not of programs: vdirsyncer is a command that starts anew each time, reads the calendars whole,
 * and writes to a folder what the service writes to USchedule over HTTP, after it has read the booking and stored an intent.
 */
import { nowMs, progress, waitUntil } from '../harness/measure.mjs';
import { compared, plain, skipped } from '../harness/rows.mjs';
import { startPeer } from '../systems/peer.mjs';
import { cpuMsOf, residentMbOf, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BOOKINGS = 500;
const CHANGES = 50;
const IDLE_PASSES = 5;
const NAME = 'against vdirsyncer 0.21 with Radicale 3.9';
const GOOGLE_CALL = /^(events|channels)\./;
/** 50 edits at once wait for a person by default. */
const GROUPS = { rules: { massChangeMinimum: 1000 } };

/** What one piece of work has cost. @typedef {{ ms: number, mb: number, calls: number }} Cost */

/** @param {import('../systems/simulators.mjs').Simulators} simulators */
async function ourWork(simulators) {
  const { ask } = simulators;
  const service = await startService(simulators, { push: false, groups: GROUPS });
  const googleCalls = async () =>
    Object.entries(await ask('calls')).reduce((sum, [name, count]) => sum + (GOOGLE_CALL.test(name) ? count : 0), 0);
  /** @param {string} method @param {string} path @param {number} count @returns {Promise<Cost>} */
  const sync = async (method, path, count) => {
    await ask('quiet', 100);
    const [calls, ms, startedAt] = [await googleCalls(), await cpuMsOf(service.pid), nowMs()];
    await service.admin('POST', '/admin/sync');
    await ask('arrival', method, path, startedAt, count);
    await service.settled();
    await ask('quiet', 100);
    return {
      ms: (await cpuMsOf(service.pid)) - ms,
      mb: await residentMbOf(service.pid),
      calls: (await googleCalls()) - calls,
    };
  };
  const event = '/events/[^/]+$|/events/[^/]+\\?';
  const ids = await ask('book', 0, BOOKINGS);
  const change = async (/** @type {string} */ command, /** @type {number} */ from, /** @type {number} */ to) => {
    for (let index = 0; index < CHANGES; index++) await ask(command, ids[from + index], to + index);
  };
  try {
    const created = await sync('POST', '/events\\?', BOOKINGS);
    await change('move', 0, 1000);
    const moved = await sync('PATCH', event, CHANGES);
    await change('drag', CHANGES, 1500);
    const dragged = await sync('POST', '/api/.*reschedule', CHANGES);
    await change('cancel', 2 * CHANGES, 0);
    const canceled = await sync('DELETE', event, CHANGES);
    const idle = [];
    for (let pass = 0; pass < IDLE_PASSES; pass++) idle.push(await sync('GET', '/events\\?', 2));
    const mirrored = await ask('mirrored');
    if (mirrored !== BOOKINGS - CHANGES) throw new Error(`${mirrored} bookings are mirrored`);
    return { created, moved, dragged, canceled, idle };
  } finally {
    await service.stop();
  }
}

/** @param {NonNullable<Awaited<ReturnType<typeof startPeer>>>} peer */
async function peerWork(peer) {
  await peer.book(BOOKINGS);
  const created = await peer.sync();
  await peer.move(0, CHANGES);
  const moved = await peer.sync();
  await peer.drag(CHANGES, CHANGES);
  const dragged = await peer.sync();
  await waitUntil(() => peer.isDragged(2 * CHANGES - 1), 1000, 'the edit in the folder');
  await peer.cancel(2 * CHANGES, CHANGES);
  const canceled = await peer.sync();
  const idle = [];
  for (let pass = 0; pass < IDLE_PASSES; pass++) idle.push(await peer.sync());
  return { created, moved, dragged, canceled, idle };
}

export async function run() {
  const peer = await startPeer();
  if (!peer) return [skipped({ name: NAME, note: 'python3 is not on the PATH, or its packages cannot be installed' })];
  const simulators = await startSimulators({ bays: 2 });
  try {
    progress('the service');
    const ours = await ourWork(simulators);
    progress('vdirsyncer');
    const theirs = await peerWork(peer);
    const works = /** @type {const} */ ({
      created: `${BOOKINGS} new bookings`,
      moved: `${CHANGES} moved bookings`,
      dragged: `${CHANGES} edits in the calendar`,
      canceled: `${CHANGES} cancelled bookings`,
    });
    const rows = Object.entries(works).flatMap(([work, name]) => {
      const [thing, yardstick] = [ours, theirs].map((costs) => costs[/** @type {keyof typeof works} */ (work)]);
      return [
        compared({
          name: `${name}: calls to the calendars`,
          unit: '',
          thing: [thing.calls],
          yardstick: [yardstick.calls],
          tail: false,
        }),
        compared({
          name: `${name}: processor time`,
          unit: 'ms',
          thing: [thing.ms],
          yardstick: [yardstick.ms],
          tail: false,
        }),
      ];
    });
    const idle = (/** @type {'calls' | 'ms'} */ what, /** @type {Cost[]} */ costs) => costs.map((cost) => cost[what]);
    const most = ({ idle: passes, ...rest }) => Math.max(...[...passes, ...Object.values(rest)].map(({ mb }) => mb));
    return [
      ...rows,
      compared({
        name: 'an idle pass: calls to the calendars',
        unit: '',
        thing: idle('calls', ours.idle),
        yardstick: idle('calls', theirs.idle),
        tail: false,
      }),
      compared({
        name: 'an idle pass: processor time',
        unit: 'ms',
        thing: idle('ms', ours.idle),
        yardstick: idle('ms', theirs.idle),
        tail: false,
      }),
      compared({
        name: 'resident memory at most',
        unit: 'MB',
        thing: [most(ours)],
        yardstick: [most(theirs)],
        tail: false,
      }),
      plain({ name: 'processor time of vdirsyncer at its start alone', unit: 'ms', value: (await peer.version()).ms }),
    ];
  } finally {
    await peer.stop();
    await simulators.close();
  }
}
