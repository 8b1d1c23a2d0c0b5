#!/usr/bin/env node
// Starts Radicale, a CalDAV server, in a temporary folder: for the tests of the CalDAV example, and to try that example.
// `npm run radicale` starts it with two calendars, and prints the variables of the example.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from './arguments.mjs';
import { CALDAV_SERVER_NAME, caldavServer } from './calendar-clients.mjs';

const START_TIMEOUT_MS = 60_000;
// A password with characters outside of Latin-1: the adapter has to send it in UTF-8.
const SERVICE = { username: 'loft', password: 'bäy €1' };
const PERSON = { username: 'ann', password: 'of the staff' };
/** Where Radicale stores its collections. */
const COLLECTIONS = 'data/collection-root';

/** A CalDAV server with the calendar home of one account, and a person who may write to all its calendars. */
function server(start, folder, port) {
  const account = { home: `http://127.0.0.1:${port}/${SERVICE.username}/`, ...SERVICE };
  const readOnly = new Set();
  let child = null;

  /** Radicale reads the rights when it starts. */
  async function restart() {
    await end();
    const { username } = SERVICE;
    const sections = [...readOnly].map((name) => rightsOf(name, username, `${username}/${name}(/.*)?`, 'r'));
    await writeFile(join(folder, 'rights'), [...sections, rightsOf('all', '.+', '.*', 'RrWw')].join(''));
    child = start();
    const until = Date.now() + START_TIMEOUT_MS;
    while (!(await isAnswering(account.home))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('Radicale has not started');
      await pause(50);
    }
  }

  async function end() {
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    child.kill();
    await ended;
  }

  /** A plain request of the person; the path begins at the calendar home. Refusals throw. */
  async function request(method, path, body, headers = {}) {
    const authorization = `Basic ${Buffer.from(`${PERSON.username}:${PERSON.password}`).toString('base64')}`;
    const init = { method, headers: { ...headers, authorization }, ...(body === undefined ? {} : { body }) };
    const response = await fetch(new URL(path, account.home), init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} is answered with ${response.status}: ${text}`);
    return text;
  }

  /**
   * Changes what the account of the service may do with a calendar. `none` hides the calendar, as servers do with one that is
   * no longer shared; Radicale itself would continue to answer 403.
   */
  async function share(name, access) {
    const shown = join(folder, COLLECTIONS, SERVICE.username, name);
    const hidden = join(folder, 'hidden', name);
    if (access === 'none') return rename(shown, hidden);
    await rename(hidden, shown).catch(() => {});
    const isReadOnly = access === 'reader';
    if (isReadOnly === readOnly.has(name)) return;
    if (isReadOnly) readOnly.add(name);
    else readOnly.delete(name);
    await restart();
  }

  async function stop() {
    await end();
    await rm(folder, { recursive: true, force: true });
  }

  const createCalendar = (name) => request('MKCALENDAR', `${name}/`);
  return { account, createCalendar, share, request, restart, stop };
}

/** Starts the server. null: it cannot be installed on this machine. */
export async function startRadicale({ log = () => {} } = {}) {
  const program = await caldavServer({ log });
  if (!program) return null;
  const folder = await mkdtemp(join(tmpdir(), 'loft-sync-radicale-'));
  const port = await freePort();
  const users = [SERVICE, PERSON].map(({ username, password }) => `${username}:${password}\n`);
  await writeFile(join(folder, 'users'), users.join(''));
  await mkdir(join(folder, 'hidden'));
  await mkdir(join(folder, COLLECTIONS, SERVICE.username), { recursive: true });
  const options = [
    ['--server-hosts', `127.0.0.1:${port}`],
    ['--auth-type', 'htpasswd', '--auth-htpasswd-filename', join(folder, 'users')],
    ['--auth-htpasswd-encryption', 'plain', '--auth-delay', '0'],
    ['--rights-type', 'from_file', '--rights-file', join(folder, 'rights')],
    ['--storage-filesystem-folder', join(folder, 'data'), '--logging-level', 'error'],
  ];
  const start = () => spawn(program.command, [...program.args, ...options.flat()], { stdio: 'ignore' });
  const radicale = server(start, folder, port);
  await radicale.restart();
  return radicale;
}

/** For tests that need the server. Where it cannot be installed they are skipped, loudly; in CI that is a failure. */
export function requireRadicale(radicale, skip) {
  if (radicale) return radicale;
  const problem = `NO ${CALDAV_SERVER_NAME}: the CalDAV example was not tested. Put python3 on the PATH.`;
  if (process.env.CI === 'true') throw new Error(problem);
  process.stderr.write(`\n*** ${problem} ***\n\n`);
  return skip();
}

function rightsOf(title, user, collection, permissions) {
  return `[${title}]\nuser: ${user}\ncollection: ${collection}\npermissions: ${permissions}\n\n`;
}

function isAnswering(address) {
  return fetch(address).then(
    () => true,
    () => false,
  );
}

async function freePort() {
  const listener = createServer();
  await new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const { port } = listener.address();
  await new Promise((resolve) => {
    listener.close(resolve);
  });
  return port;
}

const USAGE = `npm run radicale

Starts Radicale, a CalDAV server, with two calendars, until it is interrupted, and prints the variables of the CalDAV example.`;

async function main() {
  argumentsOf(USAGE, {});
  const radicale = await startRadicale({ log: (message) => process.stderr.write(`${message}\n`) });
  if (!radicale) {
    process.exitCode = 69;
    return;
  }
  for (const name of ['bay-1', 'bay-2']) await radicale.createCalendar(name);
  const { home, username, password } = radicale.account;
  process.stdout.write(`${CALDAV_SERVER_NAME} runs until it is interrupted. In another terminal:\n`);
  const variables = `CALDAV_HOME=${home} CALDAV_USERNAME=${username} CALDAV_PASSWORD='${password}'`;
  process.stdout.write(`${variables} node examples/dist/caldav-service.js\n`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await radicale.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
