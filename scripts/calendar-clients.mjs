#!/usr/bin/env node
// Installs third-party calendar clients, which read beside the service in tests: Home Assistant's gcal_sync and
// Google's own clients for Python and Go. Also installs Radicale, the CalDAV server that the tests of the CalDAV example
// use. `npm run clients` installs all of them and says which are there; with the address of a simulator and the path of
// its key it prints what Home Assistant reads from it. The versions are pinned in `scripts/calendar-clients/`, and the
// installations are kept in the user's cache, outside of the repository.

import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { argumentsOf } from './arguments.mjs';
import { cacheFolder, isExecutable, onPath } from './tools.mjs';

const SOURCES = fileURLToPath(new URL('./calendar-clients/', import.meta.url));
const ZONES = new URL('../packages/server/dist/time-zones', import.meta.url).href;
const GO_SOURCES = join(SOURCES, 'go');
const run = promisify(execFile);

/** How each client is run, by its name. */
const CLIENTS = {
  'gcal_sync 8.0.0 (Home Assistant)': (env, log) => pythonClient('home_assistant.py', env, log),
  'google-api-python-client 2.202.0': (env, log) => pythonClient('google_api.py', env, log),
  'google.golang.org/api 0.315.0': goClient,
};

export const CLIENT_NAMES = Object.keys(CLIENTS);

/** The command that runs a client; null if it cannot be installed on this machine, with the reason in the log. */
export async function calendarClient(name, { env = process.env, log = () => {} } = {}) {
  return CLIENTS[name](env, log);
}

export const CALDAV_SERVER_NAME = 'Radicale 3.9.0 (CalDAV server)';

/** The command that runs the CalDAV server; its options follow. null if it cannot be installed, with the reason in the log. */
export async function caldavServer({ env = process.env, log = () => {} } = {}) {
  const python = await installedPython('radicale', env, log);
  return python && { command: python, args: ['-I', '-m', 'radicale'] };
}

export const SYNCHRONISER_NAME = 'vdirsyncer 0.21.0';

/** The command that runs vdirsyncer, which a benchmark compares the service with. null: it cannot be installed here. */
export async function folderSynchroniser({ env = process.env, log = () => {} } = {}) {
  const python = await installedPython('vdirsyncer', env, log);
  return python && { command: python, args: ['-I', '-m', 'vdirsyncer'] };
}

async function pythonClient(program, env, log) {
  const python = await installedPython('requirements', env, log);
  return python && { command: python, args: ['-I', join(SOURCES, program)] };
}

const installing = {};

/** A Python that has the packages of a list, installed once. */
function installedPython(list, env, log) {
  installing[list] ??= installPython(list, env, log);
  return installing[list];
}

async function installPython(list, env, log) {
  const requirements = join(SOURCES, `${list}.txt`);
  const folder = await cacheFolder(list === 'requirements' ? 'calendar-clients' : list, [requirements], env);
  const python = join(folder, 'bin', 'python');
  if (await isExecutable(python)) return python;
  const system = await onPath('python3', env);
  if (!system) return missing(log, 'python3 is not on the PATH.');

  log(`Installing the Python packages of ${list}.txt, once on this machine …`);
  const half = `${folder}.${process.pid}`;
  try {
    await run(system, ['-m', 'venv', half], { env });
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements];
    await run(join(half, 'bin', 'python'), pip, { env, maxBuffer: 1 << 26 });
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    return missing(log, `The Python packages of ${list}.txt could not be installed: ${lastLine(error)}`);
  }
  await settle(half, folder);
  return python;
}

async function goClient(env, log) {
  const files = ['main.go', 'go.mod', 'go.sum'].map((name) => join(GO_SOURCES, name));
  const folder = await cacheFolder('calendar-client-go', files, env);
  const program = join(folder, 'reader');
  if (await isExecutable(program)) return { command: program, args: [] };
  const go = await onPath('go', env);
  if (!go) return missing(log, 'go is not on the PATH.');

  log('Building the calendar client for Go, once on this machine …');
  const half = `${folder}.${process.pid}`;
  try {
    await mkdir(half, { recursive: true });
    const args = ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', join(half, 'reader'), '.'];
    await run(go, args, {
      cwd: GO_SOURCES,
      env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    return missing(log, `The client for Go could not be built: ${lastLine(error)}`);
  }
  await settle(half, folder);
  return { command: program, args: [] };
}

/** Moves a finished installation to its place. Another process may have been faster with the same files. */
async function settle(half, folder) {
  await mkdir(dirname(folder), { recursive: true });
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
}

function missing(log, why) {
  log(why);
  return null;
}

function lastLine(error) {
  return error.stderr?.trim().split('\n').at(-1) || error.message;
}

/** Prints what Home Assistant reads. */
async function printReading(rootUrl, keyPath, log) {
  const [name] = CLIENT_NAMES;
  const client = await calendarClient(name, { log });
  if (!client) return 69;
  const key = await readFile(keyPath, 'utf8');
  const child = spawn(client.command, client.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(`${JSON.stringify({ rootUrl, key })}\n{}\n`);
  let text = '';
  for await (const part of child.stdout) text += part;
  if (text === '') return 1;
  const { calendars, events } = JSON.parse(text);
  // The zone rules of the runtime can be old. The sandbox, whose calendars these are, was built before.
  const { newestTimeZones } = await import(`${ZONES}/time-zone-sources.js`);
  const { zonedFormatter } = await import(`${ZONES}/zoned-formatter.js`);
  const timeZones = newestTimeZones(process.env);
  for (const { id, name: title, timeZone } of calendars) {
    const time = zonedFormatter({ timeZone, timeZones }, 'en-CA', {
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    process.stdout.write(`${title} (${timeZone})\n`);
    for (const { title: what, start, end, free } of events[id]) {
      process.stdout.write(`  ${time(start)} to ${time(end)}  ${what}${free ? '  (free)' : ''}\n`);
    }
  }
  return 0;
}

const USAGE = `npm run clients -- [address of a simulator] [path of its key]

Installs the calendar clients of the tests, and says which are there. With a simulator's address and key it prints what Home
Assistant reads from it.`;

async function main() {
  const {
    positionals: [rootUrl, keyPath],
  } = argumentsOf(USAGE, {}, true);
  const log = (message) => process.stderr.write(`${message}\n`);
  if (rootUrl !== undefined && keyPath !== undefined) {
    process.exitCode = await printReading(rootUrl, keyPath, log);
    return;
  }
  for (const name of CLIENT_NAMES) report(name, await calendarClient(name, { log }));
  report(CALDAV_SERVER_NAME, await caldavServer({ log }));

  function report(name, found) {
    log(`${name}: ${found ? 'there' : 'not to be had'}`);
    if (!found) process.exitCode = 69;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
