import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startGoogleSimulator } from '@loft/sync-google/simulator';
import { startUScheduleSimulator } from '@loft/sync-uschedule/simulator';
import { nowMs, progress } from '../harness/measure.mjs';
import { environment, freePort, settingsFile } from '../systems/service-settings.mjs';
import { Visits } from './visits.mjs';

/** How the booking system reschedules, as options of the simulator and of the settings file. */
export const MODES = {
  method: { uschedule: { reschedule: 'same-id' }, settings: { reschedule: 'method' } },
  'new-id': { uschedule: { reschedule: 'new-id' }, settings: { reschedule: 'method' } },
  rebook: { uschedule: { reschedule: 'off' }, settings: { reschedule: 'rebook' } },
  blind: {
    uschedule: { status: 'blind', reschedule: 'same-id' },
    settings: { reschedule: 'method', status: 'blind', holdMinutes: 0 },
  },
};

const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/loft-sync.js', import.meta.url));
const BAYS = [1, 2, 3, 4].map((number) => ({
  unit: 5000 + number,
  calendarId: `bay-${number}@calendars.example`,
}));
/** Short intervals, so that a minute covers as much as a day. The guards against mass changes are off, because many changes are intended. */
const SETTINGS = {
  google: { sweepSeconds: 3, quotaPerMinute: 60_000, deleteGraceSeconds: 0.5 },
  rules: { echoWindowSeconds: 1, massChangeLimit: 1, massChangeMinimum: 1_000_000 },
  retry: { baseMs: 100, maxMs: 1000, callTimeoutSeconds: 3 },
  replicas: { leaseSeconds: 4 },
};
const BETWEEN_ACTS_MS = 220;
/** Maximum lifetime of a process after it is ready, or after its start, so that starts are interrupted too. */
const LIFE_MS = 3500;
/** Share of the kills that do not wait until the process is ready. */
const KILLS_IN_START = 0.3;
/** A process that is not ready by then is killed anyway. */
const READY_WITHIN_MS = 30_000;
const AT_REST_WITHIN_MS = 180_000;

/**
 * One run in one mode.
 *
 * @param {{ mode: string, kills: number, replicas: number, seed: number, storeUrl: string | undefined }} options
 */
export async function killRun({ mode, kills, replicas, seed, storeUrl }) {
  const traits = MODES[/** @type {keyof typeof MODES} */ (mode)];
  if (!traits) throw new Error(`--modes is some of ${Object.keys(MODES).join(', ')}, not "${mode}"`);
  const random = seededRandom(seed);
  const google = await startGoogleSimulator({ calendars: BAYS.map(({ calendarId }) => calendarId) });
  const units = BAYS.map(({ unit }, index) => ({ id: unit, description: `Bay ${index + 1}` }));
  const uschedule = await startUScheduleSimulator({ units, ...traits.uschedule });
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-kills-'));
  const log = await open(join(directory, 'service.log'), 'a');
  const visits = new Visits({ bays: BAYS, uschedule, google, random });
  const simulators = {
    calendarIds: BAYS.map(({ calendarId }) => calendarId),
    units: BAYS.map(({ unit }) => unit),
    googleRootUrl: google.rootUrl,
    serviceAccountKey: google.serviceAccountKey(),
    uschedule: uschedule.connection,
  };
  const settings = join(directory, 'settings.json');
  const uscheduleSettings = { pollSeconds: 2, ...traits.settings };
  await writeFile(
    settings,
    settingsFile(/** @type {never} */ (simulators), { ...SETTINGS, uschedule: uscheduleSettings }),
  );
  const start = async () => {
    const store = storeUrl ?? `sqlite:${join(directory, 'store.db')}`;
    const port = await freePort();
    const env = { ...environment(/** @type {never} */ (simulators), { port, store }), LOFT_SYNC_CONFIG: settings };
    const child = spawn(process.execPath, [PROGRAM, 'serve'], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', log.fd, log.fd],
    });
    return { child, port };
  };

  const day = new AbortController();
  const people = (async () => {
    for (; !day.signal.aborted; await delay(BETWEEN_ACTS_MS * 2 * random())) visits.act();
  })();
  const processes = await Promise.all(Array.from({ length: replicas }, start));
  let killsWhenReady = 0;
  for (let kill = 0; kill < kills; kill++) {
    const index = kill % replicas;
    const { child, port } = processes[index];
    if (random() >= KILLS_IN_START && (await isReady(port))) killsWhenReady++;
    await delay((LIFE_MS / replicas) * random());
    if (child.exitCode !== null)
      throw new Error(`the service has ended by itself: see ${join(directory, 'service.log')}`);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    processes[index] = await start();
    if (kill % 10 === 9) progress(`${mode}: ${kill + 1} kills, ${killsWhenReady} of them of a ready process`);
  }
  day.abort();
  await people;
  const faulty = await atRest(visits);
  for (const { child } of processes) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  for (const visit of faulty) {
    const stands = JSON.stringify([visits.bookingsOf(visit.name), visits.eventsOf(visit.name)]);
    progress(`${visits.faultOf(visit)}: ${visit.name}: ${visit.was.join(', ')}; now ${stands}`);
  }
  const count = (/** @type {string} */ fault) => faulty.filter((visit) => visits.faultOf(visit) === fault).length;
  await log.close();
  if (faulty.length === 0) await rm(directory, { recursive: true, force: true });
  else progress(`the log of the service: ${join(directory, 'service.log')}`);
  await Promise.all([uschedule.close(), google.close()]);
  return {
    acts: visits.acts.booking + visits.acts.event,
    faults: {
      lost: count('lost'),
      doubled: count('doubled'),
      cancelled: count('cancelled'),
      undone: count('undone'),
      apart: count('apart'),
    },
  };
}

/** Waits until a process answers that it is ready. @param {number} port @returns {Promise<boolean>} false after the timeout */
async function isReady(port) {
  const until = nowMs() + READY_WITHIN_MS;
  for (; nowMs() < until; await delay(50)) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { headers: { Connection: 'close' } }).catch(
      () => null,
    );
    if (answer?.status === 200) return true;
  }
  return false;
}

/** Visits that differ from the expected state when their number has not changed for a while. @param {Visits} visits */
async function atRest(visits) {
  let until = nowMs() + AT_REST_WITHIN_MS;
  for (let before = Infinity; ;) {
    visits.look();
    const faulty = visits.all.filter((visit) => visits.faultOf(visit) !== null);
    if (faulty.length < before) until = nowMs() + AT_REST_WITHIN_MS;
    before = Math.min(before, faulty.length);
    if (faulty.length === 0 || nowMs() > until) return faulty;
    await delay(500);
  }
}

/** The same numbers in [0, 1) for the same seed: mulberry32. @param {number} seed */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
