/**
 * System calls that write, for each mirrored booking on SQLite: one at a time by a hint, and in a backfill. `strace` counts them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowMs, progress } from '../harness/measure.mjs';
import { plain, skipped } from '../harness/rows.mjs';
import { EARLIER_SERVICE, OF_EARLIER } from '../systems/earlier.mjs';
import { poster, signedHint, startService } from '../systems/service.mjs';
import { startSimulators } from '../systems/simulators.mjs';

const BAYS = 20;
const HINTS = 200;
const BOOKINGS = 2000;
const INSERTS = '^/calendar/v3/calendars/[^/]+/events\\?';
const MOST = /** @type {const} */ ({ pwrite64: 12, fdatasync: 1.2 });
const CALLS = /** @type {(keyof typeof MOST)[]} */ (Object.keys(MOST));

/** The calls of a process and its threads during `work`. @param {number} pid @param {() => Promise<unknown>} work */
async function callsDuring(pid, work) {
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const file = join(directory, 'calls');
  const options = ['-f', '-c', '-e', `trace=${CALLS.join(',')}`, '-o', file, '-p', String(pid)];
  const tracer = spawn('strace', options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(tracer, 'exit');
  try {
    const [said] = await Promise.race([once(tracer.stderr, 'data'), once(tracer, 'error'), ended]);
    if (!String(said).includes('attached')) throw new Error(`strace cannot attach: ${said}`);
    tracer.stderr.resume();
    await work();
    tracer.kill('SIGINT');
    await ended;
    // % time, seconds, µs per call, calls, errors (or none), name
    const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
    const entries = CALLS.map((call) => [call, Number(lines.find((columns) => columns.at(-1) === call)?.[3] ?? 0)]);
    return /** @type {Record<string, number>} */ (Object.fromEntries(entries));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** @param {object} build Options of `startService`. */
async function callsOf(build) {
  const simulators = await startSimulators({ bays: BAYS });
  const service = await startService(simulators, { push: false, ...build });
  const { ask } = simulators;
  const { post, close } = poster(service.port);
  try {
    progress('hints');
    const hinted = await ask('book', 0, HINTS);
    const byHint = await callsDuring(service.pid, async () => {
      for (const id of hinted) {
        const startedAt = nowMs();
        await post('/webhook/uschedule', signedHint(id));
        await ask('arrival', 'POST', INSERTS, startedAt);
        await ask('quiet', 20);
      }
      await service.settled();
    });
    progress('a backfill');
    await ask('book', HINTS, BOOKINGS);
    await ask('forgetArrivals');
    const inBackfill = await callsDuring(service.pid, async () => {
      const startedAt = nowMs();
      await service.admin('POST', '/admin/sync');
      await ask('arrival', 'POST', INSERTS, startedAt, BOOKINGS);
      await service.settled();
    });
    return { byHint, inBackfill };
  } finally {
    close();
    await service.stop();
    await simulators.close();
  }
}

/** @param {Awaited<ReturnType<typeof callsOf>>} calls @param {string} suffix */
const rowsOf = ({ byHint, inBackfill }, suffix) =>
  CALLS.flatMap((call) => {
    const aim = suffix === '' ? { atMost: MOST[call] } : {};
    /** @param {string} way @param {Record<string, number>} counts @param {number} bookings */
    const row = (way, counts, bookings) =>
      plain({ name: `${call} per booking, ${way}${suffix}`, unit: '', value: (counts[call] ?? 0) / bookings, ...aim });
    return [row('one at a time by hint', byHint, HINTS), row(`a backfill of 2,000`, inBackfill, BOOKINGS)];
  });

export async function run() {
  const probe = spawn('strace', ['-V'], { stdio: 'ignore' });
  const isThere = await new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.once('exit', () => resolve(true));
  });
  if (!isThere) return CALLS.map((call) => skipped({ name: call, note: 'there is no strace' }));
  const now = rowsOf(await callsOf({}), '');
  return EARLIER_SERVICE === null ? now : [...now, ...rowsOf(await callsOf(EARLIER_SERVICE), OF_EARLIER)];
}
