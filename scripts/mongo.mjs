#!/usr/bin/env node
// Finds a MongoDB server, or starts one: `npm run mongo` prints its URI and keeps it until it is stopped (SIGINT,
// SIGTERM). With `-- --check` it only verifies that there is one, and builds it if necessary. Tests use `startMongo`.

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { argumentsOf } from './arguments.mjs';
import { startGate } from './mongo-gate.mjs';
import { cacheFolder, isExecutable, onPath } from './tools.mjs';

const FERRETDB = fileURLToPath(new URL('./ferretdb/', import.meta.url));
/** The package with the driver. */
const STORE_MONGO = new URL('../packages/store-mongo/package.json', import.meta.url);
/** Used if it is installed. It is not a dependency of this project. */
const MEMORY_SERVER = 'mongodb-memory-server';
const START_TIMEOUT_MS = 30_000;

/** The ways to a server, in the order they are tried; each returns null if it is not possible on this machine. */
const WAYS = [fromEnvironment, mongodOnPath, memoryServer, ferretdb];

export async function startMongo({ env = process.env, log = () => {} } = {}) {
  for (const way of WAYS) {
    const server = await way(env, log);
    if (server) return server;
  }
  return null;
}

async function fromEnvironment(env, log) {
  const uri = env.MONGODB_URI;
  if (!uri) return null;
  const gate = await gateFor(uri, log);
  if (!gate) return { uri, source: 'MONGODB_URI', stop: async () => {} };
  return { uri: gate.uri, source: 'MONGODB_URI, FerretDB 1.x behind a gate', stop: () => gate.close() };
}

/** A gate in front of a server that needs one (see mongo-gate.mjs). */
async function gateFor(uri, log) {
  const plain = /^mongodb:\/\/(?<user>[^/@]*@)?(?<host>[^/,:?]+)(?::(?<port>\d+))?(?<rest>[/?].*)?$/.exec(uri);
  if (!plain) return null;
  const { MongoClient } = createRequire(STORE_MONGO)('mongodb');
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 3000 });
  try {
    const build = await client.db('admin').command({ buildInfo: 1 });
    if (!('ferretdbVersion' in build)) return null;
  } catch (error) {
    log(`MONGODB_URI: ${error.message}`);
    return null;
  } finally {
    await client.close();
  }
  const { user = '', host, port = '27017', rest = '/' } = plain.groups;
  const gate = await startGate({ host, port: Number(port) });
  return { uri: `mongodb://${user}127.0.0.1:${gate.port}${rest}`, close: () => gate.close() };
}

async function mongodOnPath(env) {
  const program = await onPath('mongod', env);
  if (!program) return null;
  const folder = await mkdtemp(join(tmpdir(), 'loft-sync-mongod-'));
  const port = await freePort();
  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet'];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = stopper(child, folder);
  try {
    await untilListening(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri: `mongodb://127.0.0.1:${port}/`, source: 'mongod', stop };
}

async function memoryServer(env, log) {
  let MongoMemoryServer;
  try {
    ({ MongoMemoryServer } = await import(MEMORY_SERVER));
  } catch {
    return null;
  }
  try {
    const server = await MongoMemoryServer.create();
    const stop = async () => {
      await server.stop();
    };
    return { uri: server.getUri(), source: 'mongodb-memory-server', stop };
  } catch (error) {
    log(`mongodb-memory-server: ${error.message}`);
    return null;
  }
}

async function ferretdb(env, log) {
  const go = await onPath('go', env);
  if (!go) return null;
  const program = await builtFerretdb(go, env, log);
  if (!program) return null;
  const folder = await mkdtemp(join(tmpdir(), 'loft-sync-ferretdb-'));
  // It repeatedly reads whole collections: more memory is cheaper than more garbage collection.
  const child = spawn(program, [folder], { stdio: ['pipe', 'pipe', 'inherit'], env: { GOGC: '400', ...env } });
  const stop = stopper(child, folder);
  try {
    const { hostname, port } = new URL(await firstLine(child));
    const gate = await startGate({ host: hostname, port: Number(port) });
    return {
      uri: `mongodb://127.0.0.1:${gate.port}/`,
      source: 'FerretDB 1.24',
      stop: async () => {
        await gate.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program, built once for each version of its source and kept in the user's cache. null if it cannot be built. */
async function builtFerretdb(go, env, log) {
  const files = ['main.go', 'go.mod', 'go.sum'].map((name) => join(FERRETDB, name));
  const folder = await cacheFolder('ferretdb', files, env);
  const program = join(folder, 'ferretdb');
  if (await isExecutable(program)) return program;

  log('Building FerretDB 1.24 from its Go module, once on this machine: this can take some minutes …');
  await mkdir(folder, { recursive: true });
  const half = `${program}.${process.pid}`;
  try {
    await promisify(execFile)(go, ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', half, '.'], {
      cwd: FERRETDB,
      env: { ...env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    log(`FerretDB could not be built: ${error.stderr?.trim().split('\n').at(-1) || error.message}`);
    return null;
  }
  await rename(half, program);
  return program;
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilListening(port, child) {
  const until = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && Date.now() < until) {
    const connected = await new Promise((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (connected) return;
    await delay(50);
  }
  throw new Error('mongod did not come up');
}

/** The first line that the program prints. */
async function firstLine(child) {
  const lines = createInterface({ input: child.stdout });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`FerretDB ended at once, with exit code ${code}`)));
    timeout.addEventListener('abort', () => reject(new Error('FerretDB did not come up')));
  });
}

/** Stops the program and removes its files, also if this process ends unexpectedly. */
function stopper(child, folder) {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  return async () => {
    child.kill('SIGTERM');
    child.stdin?.end();
    const patience = setTimeout(kill, 5000);
    await ended;
    clearTimeout(patience);
    process.removeListener('exit', kill);
    await rm(folder, { recursive: true, force: true });
  };
}

const USAGE = `npm run mongo -- [--check]

Finds a MongoDB server, or starts one, prints its URI, and keeps it until it is stopped. --check only verifies that there is
one, and builds it if necessary.`;

async function main() {
  const { values } = argumentsOf(USAGE, { check: { type: 'boolean' } });
  const log = (message) => process.stderr.write(`${message}\n`);
  const stopped = Promise.race(
    ['SIGINT', 'SIGTERM'].map((signal) => new Promise((resolve) => process.once(signal, resolve))),
  );
  const server = await startMongo({ log });
  if (!server) {
    log('No MongoDB server: set MONGODB_URI, or put mongod or a Go toolchain on the PATH.');
    process.exitCode = 69;
    return;
  }
  if (values.check) {
    log(`${server.source}: there is a server for the tests.`);
    await server.stop();
    return;
  }
  log(`${server.source}; stop with Ctrl-C.`);
  process.stdout.write(`${server.uri}\n`);
  const alive = setInterval(() => {}, 1 << 30);
  await stopped;
  clearInterval(alive);
  await server.stop();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
