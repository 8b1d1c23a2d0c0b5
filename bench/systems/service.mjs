import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../harness/measure.mjs';
import { ADMIN_TOKEN, environment, freePort, settingsFile, WEBHOOK_SECRET } from './service-settings.mjs';

/** The command that is built from the packages. */
const PROGRAM = fileURLToPath(new URL('../../packages/server/bin/loft-sync.js', import.meta.url));
/** The kernel counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** @param {number} pid Processor time of all its threads so far, in milliseconds. */
export async function cpuMsOf(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** @param {number} pid Resident memory in MB. */
export async function residentMbOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

/** @param {string} appointmentId @param {string} [secret] A signed hint: its body and its headers. */
export function signedHint(appointmentId, secret = WEBHOOK_SECRET) {
  const body = JSON.stringify({ appointmentId });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-loft-timestamp': timestamp,
    'x-loft-signature': `sha256=${signature}`,
  };
  return { body, headers };
}

/**
 * POSTs on kept connections with minimal overhead, because the cost of the client is not measured.
 *
 * @param {number} port @param {number} [sockets] Side by side.
 */
export function poster(port, sockets = 1) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  /** @param {string} path @param {{ headers: Record<string, string>, body?: string }} message @returns {Promise<number>} */
  const post = (path, { headers, body = '' }) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}

/**
 * The service as a process, exactly as `npm start` runs it, on the simulators.
 *
 * @param {import('./simulators.mjs').Simulators} simulators
 * @param {{ store?: string, groups?: Record<string, object>, push?: boolean, logLevel?: string, nodeOptions?: readonly string[], program?: string, ready?: string }} [options]
 *   `store` `sqlite`: a file of its own, else a `STORE_URL`; `groups` of the settings file; `nodeOptions` for a profile;
 *   `program` another build's command; `ready`: the path that answers 200 when it has started
 */
export async function startService(simulators, options = {}) {
  const {
    store = 'sqlite',
    groups = {},
    push = true,
    logLevel = 'info',
    nodeOptions = [],
    program = PROGRAM,
    ready = '/ready',
  } = options;
  const directory = await mkdtemp(join(tmpdir(), 'loft-sync-bench-'));
  const settings = join(directory, 'settings.json');
  await writeFile(settings, settingsFile(simulators, groups));
  const port = await freePort();
  const storeUrl = store === 'sqlite' ? `sqlite:${join(directory, 'store.db')}` : store;
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...environment(simulators, { port, store: storeUrl, push }),
    LOFT_SYNC_CONFIG: settings,
    LOG_LEVEL: logLevel,
  };
  const child = spawn(process.execPath, [...nodeOptions, program, 'serve'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  /** @param {string} method @param {string} path */
  const admin = (method, path) =>
    fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  /** Number of tasks that are due, waiting or running. */
  const tasks = async () => {
    const { tasks: counts } = /** @type {{ tasks: Record<string, number> }} */ (
      await (await admin('GET', '/admin/status')).json()
    );
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  const isReady = () =>
    fetch(`${url}${ready}`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitUntil(isReady, 30_000, 'the service');
  return {
    port,
    url,
    pid: child.pid ?? 0,
    admin,
    tasks,
    settled: () => waitUntil(async () => (await tasks()) === 0, 120_000, 'an end of all tasks'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
