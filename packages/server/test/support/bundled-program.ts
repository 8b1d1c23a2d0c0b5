import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BUNDLER = join(ROOT, 'scripts/bundle.mjs');
const BUNDLES = join(ROOT, 'node_modules/.cache/loft-sync-tests');
/** Interval in ms between two looks for a bundle that another process makes. */
const LOOK_MS = 50;
/** Age in ms after which the bundle of another build is deleted: no run of the tests takes that long. */
const OUTDATED_AFTER_MS = 2 * 60 * 60 * 1000;

/** A bundle of the service, as `npm run bundle` makes it. */
export interface Bundle {
  readonly directory: string;
  readonly program: string;
  /** The metafile of the bundler. */
  readonly meta: string;
}

let made: Bundle | null = null;

/**
 * Returns the bundle of the compiled packages. It is made once for each build, by the first process that needs it. Programs
 * start from it with a fifth of the processor time that they take from the files of the packages.
 */
export function bundledProgram(): Bundle {
  return (made ??= bundleOf(buildKey()));
}

function bundleOf(key: string): Bundle {
  const place = join(BUNDLES, key);
  const turn = join(BUNDLES, `${key}.turn`);
  mkdirSync(BUNDLES, { recursive: true });
  while (!existsSync(place)) {
    if (!takeTurn(turn)) {
      pauseThread(LOOK_MS);
      continue;
    }
    try {
      if (!existsSync(place)) makeBundle(place);
    } finally {
      rmSync(turn, { force: true });
    }
  }
  const directory = join(place, 'app');
  return { directory, program: join(directory, 'loft-sync.js'), meta: join(place, 'app.meta.json') };
}

function makeBundle(place: string): void {
  const part = `${place}.${process.pid}.part`;
  execFileSync(process.execPath, [BUNDLER, '--out', join(part, 'app')], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(part, place);
  removeOutdated();
}

/** Takes the turn unless another process has it. The turn of a process that was killed is given back. */
function takeTurn(turn: string): boolean {
  try {
    writeFileSync(turn, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch {
    if (!isRunning(ownerOf(turn))) rmSync(turn, { force: true });
    return false;
  }
}

/** The process that has the turn, or this one if it was given back or is being taken. */
function ownerOf(turn: string): number {
  try {
    return Number(readFileSync(turn, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits without a turn of the event loop: the constructor of a process needs its program at once. */
function pauseThread(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function removeOutdated(): void {
  for (const name of readdirSync(BUNDLES)) {
    const path = join(BUNDLES, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > OUTDATED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Identifies everything that a bundle is made of, by names, sizes and times. */
function buildKey(): string {
  const hash = createHash('sha256').update(process.version);
  const packages = join(ROOT, 'packages');
  const folders = readdirSync(packages).flatMap((name) => [
    join(packages, name, 'dist'),
    join(packages, name, 'assets'),
  ]);
  const files = [...folders, join(ROOT, 'scripts')].filter((it) => existsSync(it)).flatMap(filesIn);
  for (const file of [...files, join(ROOT, 'package-lock.json')].sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 20);
}

/** All files below a folder that are not declarations, which are in no bundle. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(?:d\.m?ts|d\.ts\.map|tsbuildinfo)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name));
}
