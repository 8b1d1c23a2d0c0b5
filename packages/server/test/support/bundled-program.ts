import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BUNDLER = join(ROOT, 'scripts/bundle.mjs');
const BUNDLES = join(ROOT, 'node_modules/.cache/loft-sync-tests');
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
  if (!existsSync(place)) {
    // Several processes may make it at the same time: the first complete one is used.
    const mine = join(BUNDLES, `${process.pid}.part`);
    execFileSync(process.execPath, [BUNDLER, '--out', join(mine, 'app')], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      renameSync(mine, place);
    } catch (error) {
      if (!existsSync(place)) throw error;
      rmSync(mine, { recursive: true, force: true });
    }
    removeOutdated();
  }
  const directory = join(place, 'app');
  return { directory, program: join(directory, 'loft-sync.js'), meta: join(place, 'app.meta.json') };
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
