/**
 * `npm start`: runs the service from a bundle with V8's code cache, which is rebuilt when its sources have changed. The
 * check reads the times of the source files and takes some milliseconds; `tsc` alone would take a second. A CommonJS module,
 * because Node starts it faster.
 */
const { readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const BUNDLE = path.join(ROOT, 'node_modules/.cache/loft-sync');
const STAMP = path.join(BUNDLE, 'stamp');
const PROGRAM = path.join(BUNDLE, 'loft-sync.js');

/** What the bundle depends on, as one text. */
function stamp() {
  let count = 0;
  let newest = 0;
  /** @param {string} folder */
  const look = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isFile()) {
        count++;
        newest = Math.max(newest, statSync(file).mtimeMs);
      } else if (entry.name !== 'node_modules') look(file);
    }
  };
  const packages = path.join(ROOT, 'packages');
  for (const name of readdirSync(packages))
    for (const part of ['src', 'assets']) lookIfThere(path.join(packages, name, part));
  look(__dirname);
  const { mtimeMs } = statSync(path.join(ROOT, 'package-lock.json'));
  return [process.version, process.arch, count, newest, mtimeMs].join(' ');

  /** @param {string} folder */
  function lookIfThere(folder) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) look(folder);
  }
}

/** @param {string} now */
function isFresh(now) {
  try {
    return readFileSync(STAMP, 'utf8') === now;
  } catch {
    return false;
  }
}

const now = stamp();
if (!isFresh(now)) {
  process.stderr.write('Building. This is done once, and again after a change.\n');
  const { execFileSync } = require('node:child_process');
  const options = /** @type {const} */ ({ cwd: ROOT, stdio: ['ignore', 2, 2] });
  execFileSync(
    process.execPath,
    [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.build.json'],
    options,
  );
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/bundle.mjs'), '--out', BUNDLE], options);
  writeFileSync(STAMP, now);
}
require(PROGRAM);
